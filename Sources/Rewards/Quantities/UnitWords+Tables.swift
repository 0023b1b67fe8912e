extension UnitWords {
    static let scientific = """
        metre*,meter*|m|p
        micron*|um
        second*|s|p
        gram*,gramme*|g|p
        radian*|rad|p
        kelvin*,degree* kelvin,deg kelvin|K|p
        coulomb*|C|p
        candela*|cd|p
        mole*|mol|p
        mol|mol|p
        kilo*|kg
        equivalent*|eq|p
        osmole*,osmol*|osm|p
        bit*|bit|p
        byte*|By|p
        percent,per cent,percentage,pct|%
        per mille,permille,promille,part* per thousand|[ppth]
        part* per million|[ppm]
        part* per billion|[ppb]
        part* per trillion|[pptr]
        steradian*|sr|p
        hertz|Hz|p
        newton*|N|p
        pascal*|Pa|p
        joule*|J|p
        watt*|W|p
        ampere*,amp*|A|p
        volt*|V|p
        volt ampere*|V.A|p
        farad*|F|p
        ohm*|Ohm|p
        siemens,mho*|S|p
        weber*|Wb|p
        tesla*|T|p
        henry*,henries|H|p
        lumen*|lm|p
        lux|lx|p
        becquerel*|Bq|p
        gray*|Gy|p
        sievert*|Sv|p
        degree*,degree* angle,angular degree*,degree* of arc,arc degree*,arcdegree*|deg
        gradian*,gon*,grad*|gon
        arcminute*,arc minute*,minute* of arc,minute* angle,minute* arc|'
        arcsecond*,arc second*,second* of arc,second* angle,second* arc|''|p
        litre*,liter*|L|p
        are*|ar|p
        minute*|min
        hour*|h
        day*|d
        week*|wk
        fortnight*|14.d
        month*|mo
        year*,annum,julian year*|a|p
        decade*|10.a
        century,centuries|100.a
        millennium,millennia,millenium|1000.a
        tonne*,metric ton*,metric tonne*|t|p
        bar*|bar|p
        dalton*,atomic mass unit*,unified atomic mass unit*|u|p
        electronvolt*,electron volt*|eV|p
        astronomical unit*,astronomic unit*|AU
        parsec*|pc|p
        light year*,lightyear*|[ly]
        light second*|[c].s
        speed of light|[c]
        gram* force,gramforce|gf|p
        kayser*|Ky
        galileo*|Gal|p
        dyne*|dyn|p
        erg*|erg|p
        poise|P|p
        biot*|Bi
        stokes,stoke|St|p
        maxwell*|Mx|p
        gauss|G|p
        oersted*|Oe|p
        gilbert*|Gb
        stilb*|sb
        lambert*|Lmb
        phot*|ph
        nit*|cd/m2
        curie*|Ci|p
        rutherford*|10*6.Bq
        roentgen*,röntgen*|R|p
        rem*|REM|p
        calorie*,gram calorie*|cal|p
        large calorie*,dietary calorie*,food calorie*|[Cal]
        carat*|[car_m]
        stere*|st
        angstrom*,ångström*,ångstrom*,angström*|Ao
        barn*|b|p
        technical atmosphere*|att
        atmosphere*,standard atmosphere*,atmosphere* standard|atm
        torr|101325.Pa/760|p
        millimetre* of mercury,millimeter* of mercury,mm hg,millimetre* mercury,millimeter* mercury|mm[Hg]
        centimetre* of mercury,centimeter* of mercury,cm hg|cm[Hg]
        inch+ of mercury,inch+ mercury,in hg|[in_i'Hg]
        millimetre* of water,millimeter* of water,mm h2o|mm[H2O]
        centimetre* of water,centimeter* of water,cm h2o|cm[H2O]
        metre* of water,meter* of water|m[H2O]
        inch+ of water,in h2o|[in_i'H2O]
        degree* celsius,degree* centigrade,celsius,centigrade,degree* c,deg c,deg celsius,celsius degree*|Cel
        degree* fahrenheit,fahrenheit,degree* f,deg f,deg fahrenheit,fahrenheit degree*|[degF]
        degree* rankine,rankine,deg rankine|[degR]
        degree* réaumur,degree* reaumur,réaumur|[degRe]
        molar|mol/L|p
        molal|mol/kg|p
        katal*|kat|p
        bel*|B|p
        neper*|Np|p
        tex|tex
        denier*|[den]
        dioptre*,diopter*|[diop]
        prism dioptre*,prism diopter*|[p'diop]
        svedberg*|[S]
        jansky*,janskies|10*-26.W/m2/Hz|p
        metric horsepower|75.kgf.m/s
        baud*|Bd|p
        unit*,enzyme unit*|U|p
        international unit*|[iU]|p
        arbitrary unit*|[arb'U]
        bethesda unit*|[beth'U]
        hounsfield unit*|[hnsf'U]
        todd unit*|[todd'U]
        wood unit*|[wood'U]
        colony forming unit*|[CFU]
        plaque forming unit*|[PFU]
        focus forming unit*|[FFU]
        metabolic equivalent*|[MET]
        high power field*|[HPF]
        low power field*|[LPF]
        drop*|[drp]
        french,charrière,charriere|[Ch]

        """

    static let customary = """
        foot,feet|[ft_i]
        inch+|[in_i]
        yard*|[yd_i]
        mile*,statute mile*|[mi_i]
        nautical mile*|[nmi_i]
        knot*|[kn_i]
        league*|3.[mi_i]
        fathom*|[fth_i]
        furlong*|660.[ft_i]
        chain*|66.[ft_i]
        rod*,perch,pole*|[ft_i].33/2
        link*|[ft_i].66/100
        hand*|[hd_i]
        mil*,thou|[mil_i]
        survey foot,survey feet,us survey foot,us survey feet|[ft_us]
        survey mile*,us survey mile*|[mi_us]
        pica*|[in_i]/6
        point*|[in_i]/72
        acre*|4840.[yd_i]2
        acre foot,acre feet|43560.[cft_i]
        section*|[mi_i]2
        township*|36.[mi_i]2
        gallon*,us gallon*|[gal_us]
        imperial gallon*,british gallon*,uk gallon*|[gal_br]
        quart*,us quart*|[qt_us]
        imperial quart*|[qt_br]
        pint*,us pint*|[pt_us]
        imperial pint*,british pint*|[pt_br]
        gill*|[gil_us]
        cup*,us cup*|[cup_us]
        metric cup*|[cup_m]
        tablespoon*,tablespoonful*,us tablespoon*|[tbs_us]
        teaspoon*,teaspoonful*,us teaspoon*|[tsp_us]
        metric tablespoon*|[tbs_m]
        metric teaspoon*|[tsp_m]
        fluid ounce*,us fluid ounce*,fl oz,fl ounce*|[foz_us]
        imperial fluid ounce*|[foz_br]
        fluid dram*,fluid drachm*|[fdr_us]
        minim*|[min_us]
        barrel*,oil barrel*,barrel* of oil|[bbl_us]
        bushel*|[bu_us]
        peck*|[pk_us]
        cord*|[cr_i]
        board foot,board feet|[bf_i]
        pound*,pound* mass,avoirdupois pound*,pound* avoirdupois|[lb_av]
        pound* force|[lbf_av]
        ounce*,ounce* mass,avoirdupois ounce*,ounce* avoirdupois|[oz_av]
        ounce* force|[lbf_av]/16
        troy ounce*,ounce* troy|[oz_tr]
        troy pound*,pound* troy|[lb_tr]
        pennyweight*|[pwt_tr]
        stone*|[stone_av]
        grain*|[gr]
        dram*,drachm*|[dr_av]
        scruple*|[sc_ap]
        hundredweight*,long hundredweight*,imperial hundredweight*|[lcwt_av]
        short hundredweight*|[scwt_av]
        ton*,short ton*,us ton*|[ston_av]|p
        long ton*,imperial ton*|[lton_av]
        ton* of tnt|10*9.cal
        slug*|[lbf_av].s2/[ft_i]
        poundal*|[lb_av].[ft_i]/s2
        therm*|100000.[Btu_IT]
        british thermal unit*,btu*|[Btu_IT]
        horsepower,mechanical horsepower,horsepower mechanical,imperial horsepower|[HP]

        """

    static let counting = """
        dimensionless|1
        dozen*|12
        gross|144
        score|20
        revolution*,turn*,circle*|circ
        cycle*|1
        count*,time*,fold,item*|1
        cell*,copy,copies,particle*,molecule*,event*,beat*,breath*,colony,colonies,platelet*|1
        dot*,pixel*,mesh|1

        """

    static let everydaySymbols = """
        mcg,ugm,mcgm,MCG|ug
        mcL,mcl|uL
        gm,gms,gs|g
        mgs,mgm,MG|mg
        Kg,KG,KGS,Kgs,kgs,kgm|kg
        cc,ccm,CC,cu.cm|cm3
        mls,MLS|mL
        lt,ltr,ltrs,Ltr,lit|L
        Km,KM,kms|km
        cms|cm
        mms|mm
        mtr,mtrs|m
        sec,secs,Sec|s|m
        mins,Min,Mins|min
        hr,hrs,Hr,Hrs,HR,HRS|h
        yr,yrs,y,Yr,Yrs|a
        Ga,Gyr,Gya,Gyrs|10*9.a
        Ma,Myr,Mya,Myrs|10*6.a
        ka,kyr,kya,kyrs|10*3.a
        wks,Wk|wk
        mos,mth,mths|mo
        lb,lbs,Lb,Lbs,LB,LBS,lbm|[lb_av]
        lbf|[lbf_av]
        oz,ozs,OZ,Oz|[oz_av]
        ozt|[oz_tr]
        floz|[foz_us]
        st|[stone_av]
        ft,Ft,FT,'|[ft_i]
        in,In,",in.|[in_i]
        yd,yds|[yd_i]
        mi|[mi_i]
        nmi,NM|[nmi_i]
        kn,kt,kts|[kn_i]
        mph,MPH|[mi_i]/h
        kph,kmh,kmph,KPH|km/h
        fps|[ft_i]/s
        mpg,MPG|[mi_i]/[gal_us]
        ha|har
        ac|4840.[yd_i]2
        gal,gals|[gal_us]
        qt,qts|[qt_us]
        pt,pts|[pt_us]
        tbsp,Tbsp,tbs,tbsps|[tbs_us]
        tsp,tsps|[tsp_us]
        bbl,bbls|[bbl_us]
        psi,PSI|[psi]
        ksi|1000.[psi]
        Torr,torr|101325.Pa/760|m
        mmHg,mmhg,MMHG,MmHg|mm[Hg]
        cmHg|cm[Hg]
        inHg|[in_i'Hg]
        mmH2O|mm[H2O]
        cmH2O,cmH20,cmh2o|cm[H2O]
        inH2O|[in_i'H2O]
        hp,HP,bhp|[HP]
        Wh,WH|W.h|m
        Ah|A.h|m
        Nm|N.m|m
        VA|V.A|m
        BTU,Btu,MBTU|[Btu_IT]
        M|mol/L
        mM|mmol/L
        uM|umol/L
        nM|nmol/L
        pM|pmol/L
        fM|fmol/L
        Eq|eq|m
        Osm,osmol,Osmol|osm|m
        IU,iu,UI,I.U.|[iU]|m
        Da|u|m
        amu|u
        kCal,Kcal,KCal,Cal|[Cal]
        KJ,Kj|kJ
        degC,ºC|Cel
        degF|[degF]
        degK|K
        degR|[degR]
        ppm,PPM|[ppm]
        ppb,PPB|[ppb]
        ppt|[pptr]
        ly,lyr|[ly]
        Mly|10*6.[ly]
        Gly|10*9.[ly]
        au|AU
        hz,HZ|Hz
        khz,KHz,Khz,KHZ|kHz
        MHZ|MHz
        GHZ,Ghz|GHz
        ev,ev.|eV
        dpi,ppi|/[in_i]
        rpm,RPM|circ/min
        bpm,BPM|/min
        cpm,CPM|/min
        b|bit
        kb,Kb,kbit,Kbit|10*3.bit
        Mb,Mbit|10*6.bit
        Gb,Gbit|10*9.bit
        Tb,Tbit|10*12.bit
        Kib|1024.bit
        Mib|1048576.bit
        B|By
        kB,KB|10*3.By
        MB|10*6.By
        GB|10*9.By
        TB|10*12.By
        PB|10*15.By
        EB|10*18.By
        KiB|KiBy
        MiB|MiBy
        GiB|GiBy
        TiB|TiBy
        bps|bit/s
        kbps,Kbps|10*3.bit/s
        Mbps|10*6.bit/s
        Gbps|10*9.bit/s
        Tbps|10*12.bit/s
        tpd,TPD|[ston_av]/d
        cfu,CFU|[CFU]
        pfu,PFU|[PFU]
        TCID50|[TCID_50]
        HPF,hpf|[HPF]
        LPF,lpf|[LPF]
        NTU|[NTU]
        HU|[hnsf'U]
        MET,METs|[MET]
        D|[diop]
        Fr|[Ch]
        gtt,gtts|[drp]
        WU|[wood'U]
        pH|[pH]
        RBC,WBC,RBCs,WBCs|1
        π|[pi]
        [pi],pi|[pi]

        """
}
