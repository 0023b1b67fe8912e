extension UCUMAtoms {
    /// International, United States and British customary units and those of the printing trade: columns as in
    /// ``derived``.
    static let customary = """
        [in_i]|inch|-|2.54|cm
        [ft_i]|foot|-|12|[in_i]
        [yd_i]|yard|-|3|[ft_i]
        [mi_i]|mile|-|5280|[ft_i]
        [fth_i]|fathom|-|6|[ft_i]
        [nmi_i]|nautical mile|-|1852|m
        [kn_i]|knot|-|1|[nmi_i]/h
        [sin_i]|square inch|-|1|[in_i]2
        [sft_i]|square foot|-|1|[ft_i]2
        [syd_i]|square yard|-|1|[yd_i]2
        [cin_i]|cubic inch|-|1|[in_i]3
        [cft_i]|cubic foot|-|1|[ft_i]3
        [cyd_i]|cubic yard|-|1|[yd_i]3
        [bf_i]|board foot|-|144|[in_i]3
        [cr_i]|cord|-|128|[ft_i]3
        [mil_i]|mil|-|1e-3|[in_i]
        [cml_i]|circular mil|-|0.25|[pi].[mil_i]2
        [hd_i]|hand|-|4|[in_i]
        [smoot]|Smoot|-|67|[in_i]
        [mesh_i]|mesh|-|1|/[in_i]
        [ft_us]|foot|-|1200|m/3937
        [yd_us]|yard|-|3|[ft_us]
        [in_us]|inch|-|1|[ft_us]/12
        [rd_us]|rod|-|16.5|[ft_us]
        [ch_us]|Gunter's chain|-|4|[rd_us]
        [lk_us]|link for Gunter's chain|-|0.01|[ch_us]
        [rch_us]|Ramden's chain|-|100|[ft_us]
        [rlk_us]|link for Ramden's chain|-|0.01|[rch_us]
        [fth_us]|fathom|-|6|[ft_us]
        [fur_us]|furlong|-|40|[rd_us]
        [mi_us]|mile|-|8|[fur_us]
        [acr_us]|acre|-|160|[rd_us]2
        [srd_us]|square rod|-|1|[rd_us]2
        [smi_us]|square mile|-|1|[mi_us]2
        [sct]|section|-|1|[mi_us]2
        [twp]|township|-|36|[sct]
        [mil_us]|mil|-|1e-3|[in_us]
        [in_br]|inch|-|2.539998|cm
        [ft_br]|foot|-|12|[in_br]
        [rd_br]|rod|-|16.5|[ft_br]
        [ch_br]|Gunter's chain|-|4|[rd_br]
        [lk_br]|link for Gunter's chain|-|0.01|[ch_br]
        [fth_br]|fathom|-|6|[ft_br]
        [pc_br]|pace|-|2.5|[ft_br]
        [yd_br]|yard|-|3|[ft_br]
        [mi_br]|mile|-|5280|[ft_br]
        [nmi_br]|nautical mile|-|6080|[ft_br]
        [kn_br]|knot|-|1|[nmi_br]/h
        [acr_br]|acre|-|4840|[yd_br]2
        [gal_us]|Queen Anne's wine gallon|-|231|[in_i]3
        [bbl_us]|barrel|-|42|[gal_us]
        [qt_us]|quart|-|0.25|[gal_us]
        [pt_us]|pint|-|0.5|[qt_us]
        [gil_us]|gill|-|0.25|[pt_us]
        [foz_us]|fluid ounce|-|0.25|[gil_us]
        [fdr_us]|fluid dram|-|0.125|[foz_us]
        [min_us]|minim|-|1|[fdr_us]/60
        [crd_us]|cord|-|128|[ft_i]3
        [bu_us]|bushel|-|2150.42|[in_i]3
        [gal_wi]|historical winchester gallon|-|0.125|[bu_us]
        [pk_us]|peck|-|0.25|[bu_us]
        [dqt_us]|dry quart|-|0.125|[pk_us]
        [dpt_us]|dry pint|-|0.5|[dqt_us]
        [tbs_us]|tablespoon|-|0.5|[foz_us]
        [tsp_us]|teaspoon|-|1|[tbs_us]/3
        [cup_us]|cup|-|16|[tbs_us]
        [foz_m]|metric fluid ounce|-|30|mL
        [cup_m]|metric cup|-|240|mL
        [tsp_m]|metric teaspoon|-|5|mL
        [tbs_m]|metric tablespoon|-|15|mL
        [gal_br]|gallon|-|4.54609|l
        [pk_br]|peck|-|2|[gal_br]
        [bu_br]|bushel|-|4|[pk_br]
        [qt_br]|quart|-|0.25|[gal_br]
        [pt_br]|pint|-|0.5|[qt_br]
        [gil_br]|gill|-|0.25|[pt_br]
        [foz_br]|fluid ounce|-|0.2|[gil_br]
        [fdr_br]|fluid dram|-|0.125|[foz_br]
        [min_br]|minim|-|1|[fdr_br]/60
        [gr]|grain|-|64.79891|mg
        [lb_av]|pound|-|7000|[gr]
        [oz_av]|ounce|-|0.0625|[lb_av]
        [dr_av]|dram|-|0.0625|[oz_av]
        [scwt_av]|short hundredweight|-|100|[lb_av]
        [lcwt_av]|long hundredweight|-|112|[lb_av]
        [ston_av]|short ton|-|20|[scwt_av]
        [lton_av]|long ton|-|20|[lcwt_av]
        [stone_av]|stone|-|14|[lb_av]
        [lbf_av]|pound force|-|1|[lb_av].[g]
        [pwt_tr]|pennyweight|-|24|[gr]
        [oz_tr]|ounce|-|20|[pwt_tr]
        [lb_tr]|pound|-|12|[oz_tr]
        [sc_ap]|scruple|-|20|[gr]
        [dr_ap]|dram|-|3|[sc_ap]
        [oz_ap]|ounce|-|8|[dr_ap]
        [lb_ap]|pound|-|12|[oz_ap]
        [oz_m]|metric ounce|-|28|g
        [lne]|line|-|1|[in_i]/12
        [pnt]|point|-|1|[lne]/6
        [pca]|pica|-|12|[pnt]
        [pnt_pr]|Printer's point|-|0.013837|[in_i]
        [pca_pr]|Printer's pica|-|12|[pnt_pr]
        [pied]|pied|-|32.48|cm
        [pouce]|pouce|-|1|[pied]/12
        [ligne]|ligne|-|1|[pouce]/12
        [didot]|didot|-|1|[ligne]/6
        [cicero]|cicero|-|12|[didot]
        [degR]|degree Rankine|-|5|K/9
        [in_i'H2O]|inch of water column|-|1|m[H2O].[in_i]/m
        [in_i'Hg]|inch of mercury column|-|1|m[Hg].[in_i]/m
        [psi]|pound per square inch|-|1|[lbf_av]/[in_i]2
        [HP]|horsepower|-|550|[ft_i].[lbf_av]/s
        [Btu_39]|British thermal unit at 39 °F|-|1.05967|kJ
        [Btu_59]|British thermal unit at 59 °F|-|1.0548|kJ
        [Btu_60]|British thermal unit at 60 °F|-|1.05468|kJ
        [Btu_m]|mean British thermal unit|-|1.05587|kJ
        [Btu_IT]|international table British thermal unit|-|1.05505585262|kJ
        [Btu_th]|thermochemical British thermal unit|-|1.05435|kJ
        [Btu]|British thermal unit|-|1|[Btu_th]

        """
}
