extension UCUMAtoms {
    /// Units of the International System, of the centimetre-gram-second systems, natural constants, time, chemistry,
    /// medicine and information: code, name, `m` where prefixes are allowed, value, unit.
    ///
    /// Constants have the CODATA 2022 values, as in UCUM 2.2.
    static let derived = """
        10*|the number ten for arbitrary powers|-|10|1
        10^|the number ten for arbitrary powers|-|10|1
        [ppth]|parts per thousand|-|0.1|%
        [ppm]|parts per million|-|1e-4|%
        [ppb]|parts per billion|-|1e-7|%
        [pptr]|parts per trillion|-|1e-10|%
        [IU]|international unit|m|1|[iU]
        sr|steradian|m|1|rad2
        Hz|hertz|m|1|s-1
        N|newton|m|1|kg.m/s2
        Pa|pascal|m|1|N/m2
        J|joule|m|1|N.m
        W|watt|m|1|J/s
        A|ampere|m|1|C/s
        V|volt|m|1|J/C
        F|farad|m|1|C/V
        Ohm|ohm|m|1|V/A
        S|siemens|m|1|Ohm-1
        Wb|weber|m|1|V.s
        T|tesla|m|1|Wb/m2
        H|henry|m|1|Wb/A
        lm|lumen|m|1|cd.sr
        lx|lux|m|1|lm/m2
        Gy|gray|m|1|J/kg
        deg|degree|-|2|[pi].rad/360
        gon|gon|m|0.9|deg
        '|minute|-|1|deg/60
        ''|second|-|1|'/60
        l|liter|m|1|dm3
        L|liter|m|1|l
        ar|are|m|100|m2
        min|minute|-|60|s
        h|hour|-|60|min
        d|day|-|24|h
        a_t|tropical year|-|365.24219|d
        a_j|mean Julian year|-|365.25|d
        a_g|mean Gregorian year|-|365.2425|d
        a|year|-|1|a_j
        wk|week|-|7|d
        mo_s|synodal month|-|29.53059|d
        mo_j|mean Julian month|-|1|a_j/12
        mo_g|mean Gregorian month|-|1|a_g/12
        mo|month|-|1|mo_j
        t|tonne|m|1e3|kg
        bar|bar|m|1e5|Pa
        u|unified atomic mass unit|m|1.66053906892e-24|g
        [e]|elementary charge|m|1.602176634e-19|C
        eV|electronvolt|m|1|[e].V
        AU|astronomic unit|-|149597870700|m
        pc|parsec|m|648000|AU/[pi]
        [c]|velocity of light|m|299792458|m/s
        [h]|Planck constant|m|6.62607015e-34|J.s
        [k]|Boltzmann constant|m|1.380649e-23|J/K
        [mu_0]|permeability of vacuum|m|4|[pi].10*-7.N/A2
        [eps_0]|permittivity of vacuum|m|8.8541878188e-12|F/m
        [m_e]|electron mass|m|9.1093837139e-28|g
        [m_p]|proton mass|m|1.67262192595e-24|g
        [G]|Newtonian constant of gravitation|m|6.67430e-11|m3.kg-1.s-2
        [g]|standard acceleration of free fall|m|9.80665|m/s2
        [ly]|light-year|m|1|[c].a_j
        gf|gram-force|m|1|g.[g]
        Ky|kayser|m|1|cm-1
        Gal|gal|m|1|cm/s2
        dyn|dyne|m|1|g.cm/s2
        erg|erg|m|1|dyn.cm
        P|poise|m|1|dyn.s/cm2
        Bi|biot|m|10|A
        St|stokes|m|1|cm2/s
        Mx|maxwell|m|1e-8|Wb
        G|gauss|m|1e-4|T
        Oe|oersted|m|250|/[pi].A/m
        Gb|gilbert|m|1|Oe.cm
        sb|stilb|m|1|cd/cm2
        Lmb|lambert|m|1|cd/cm2/[pi]
        ph|phot|m|1e4|lx
        Ci|curie|m|3.7e10|Bq
        R|roentgen|m|2.58e-4|C/kg
        RAD|radiation absorbed dose|m|100|erg/g
        REM|radiation equivalent man|m|0.01|Sv
        m[H2O]|meter of water column|m|9.80665|kPa
        m[Hg]|meter of mercury column|m|133.322|kPa
        tex|tex|m|1|g/km
        [den]|denier|-|1|g/9/km
        [PRU]|peripheral vascular resistance unit|-|1|mm[Hg].s/ml
        [wood'U]|Wood unit|-|1|mm[Hg].min/L
        [diop]|diopter|-|1|/m
        [Ch]|Charrière|-|1|mm/3
        [drp]|drop|-|1|ml/20
        [MET]|metabolic equivalent|-|3.5|mL/min/kg
        [LPF]|low power field|-|100|[HPF]
        [S]|Svedberg unit|-|1|10*-13.s
        kat|katal|m|1|mol/s
        U|unit|m|1|umol/min
        g%|gram percent|m|1|g/dl
        By|byte|m|8|bit
        Bd|baud|m|1|/s
        cal_[15]|calorie at 15 °C|m|4.1858|J
        cal_[20]|calorie at 20 °C|m|4.1819|J
        cal_m|mean calorie|m|4.19002|J
        cal_IT|international table calorie|m|4.1868|J
        cal_th|thermochemical calorie|m|4.184|J
        cal|calorie|m|1|cal_th
        [Cal]|nutrition label Calories|-|1|kcal_th
        st|stere|m|1|m3
        Ao|Ångström|-|0.1|nm
        b|barn|m|100|fm2
        att|technical atmosphere|-|1|kgf/cm2
        atm|standard atmosphere|-|101325|Pa
        mho|mho|m|1|S
        circ|circle|-|2|[pi].rad
        sph|spere|-|4|[pi].sr
        [car_m]|metric carat|-|0.2|g
        [car_Au]|carat of gold alloys|-|1|/24

        """
}
