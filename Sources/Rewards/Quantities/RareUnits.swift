/// Units that no factor connects with others: each is a dimension of its own.
///
/// UCUM calls the assay units *arbitrary*; the logarithmic ones it defines by functions that would make `10 dB` and a
/// plain number comparable, which no answer means. Becquerel and sievert would coincide with hertz and gray, and are
/// kept apart because they measure other things.
enum RareUnits {
    struct Row: Sendable {
        var code: String
        var name: String
        var isMetric: Bool
        /// Whether UCUM has it; the others come from everyday names only.
        var isUCUM: Bool
    }

    static let names: [String] = rows.map(\.code)

    static let rows: [Row] = {
        var rows: [Row] = []
        for line in ucum.split(separator: "\n") {
            let columns = line.split(separator: "|").map(String.init)
            rows.append(Row(code: columns[0], name: columns[1], isMetric: columns[2] == "m", isUCUM: true))
        }
        for form in countedThings {
            rows.append(Row(code: form.code, name: form.code, isMetric: false, isUCUM: false))
        }
        for currency in CurrencyNames.rows {
            rows.append(Row(code: currency.code, name: currency.code, isMetric: true, isUCUM: false))
        }
        return rows
    }()

    /// The first row that is a currency.
    static let firstCurrency = rows.count - CurrencyNames.rows.count

    /// The first row of ``countedThings``.
    static let firstCountedThing = firstCurrency - countedThings.count

    /// Dosage forms and people, which are counted and never converted. A star in a word is a plural `s`, a plus `es`.
    static let countedThings: [(code: String, words: [String])] = [
        ("{tablet}", ["tablet*", "tab*"]), ("{capsule}", ["capsule*"]), ("{pill}", ["pill*"]),
        ("{puff}", ["puff*"]), ("{spray}", ["spray*"]), ("{vial}", ["vial*"]),
        ("{ampoule}", ["ampoule*", "ampule*"]), ("{patch}", ["patch+"]), ("{sachet}", ["sachet*"]),
        ("{suppository}", ["suppository", "suppositories"]), ("{lozenge}", ["lozenge*"]), ("{dose}", ["dose*"]),
        ("{pack}", ["pack*"]), ("{drink}", ["drink*"]), ("{person}", ["person*", "people"]),
        ("{patient}", ["patient*"]), ("{birth}", ["birth*", "live birth*"]), ("{case}", ["case*"]),
    ]

    private static let ucum = """
        Bq|becquerel|m
        Sv|sievert|m
        Np|neper|m
        B|bel|m
        B[SPL]|bel sound pressure|m
        B[V]|bel volt|m
        B[mV]|bel millivolt|m
        B[uV]|bel microvolt|m
        B[10.nV]|bel 10 nanovolt|m
        B[W]|bel watt|m
        B[kW]|bel kilowatt|m
        bit_s|bit|-
        [pH]|pH|-
        [p'diop]|prism diopter|-
        %[slope]|percent of slope|-
        [m/s2/Hz^0.5]|meter per square seconds per square root of hertz|-
        [hp'_X]|homeopathic potency of decimal series (retired)|-
        [hp'_C]|homeopathic potency of centesimal series (retired)|-
        [hp'_M]|homeopathic potency of millesimal series (retired)|-
        [hp'_Q]|homeopathic potency of quintamillesimal series (retired)|-
        [hp_X]|homeopathic potency of decimal hahnemannian series|-
        [hp_C]|homeopathic potency of centesimal hahnemannian series|-
        [hp_M]|homeopathic potency of millesimal hahnemannian series|-
        [hp_Q]|homeopathic potency of quintamillesimal hahnemannian series|-
        [kp_X]|homeopathic potency of decimal korsakovian series|-
        [kp_C]|homeopathic potency of centesimal korsakovian series|-
        [kp_M]|homeopathic potency of millesimal korsakovian series|-
        [kp_Q]|homeopathic potency of quintamillesimal korsakovian series|-
        [HPF]|high power field|-
        [hnsf'U]|Hounsfield unit|-
        [arb'U]|arbitrary unit|-
        [USP'U]|United States Pharmacopeia unit|-
        [GPL'U]|GPL unit|-
        [MPL'U]|MPL unit|-
        [APL'U]|APL unit|-
        [beth'U]|Bethesda unit|-
        [anti'Xa'U]|anti factor Xa unit|-
        [todd'U]|Todd unit|-
        [dye'U]|Dye unit|-
        [smgy'U]|Somogyi unit|-
        [bdsk'U]|Bodansky unit|-
        [ka'U]|King-Armstrong unit|-
        [knk'U]|Kunkel unit|-
        [mclg'U]|Mac Lagan unit|-
        [tb'U]|tuberculin unit|-
        [CCID_50]|50% cell culture infectious dose|-
        [TCID_50]|50% tissue culture infectious dose|-
        [EID_50]|50% embryo infectious dose|-
        [PFU]|plaque forming units|-
        [FFU]|focus forming units|-
        [CFU]|colony forming units|-
        [IR]|index of reactivity|-
        [BAU]|bioequivalent allergen unit|-
        [AU]|allergen unit|-
        [Amb'a'1'U]|allergen unit for Ambrosia artemisiifolia|-
        [PNU]|protein nitrogen unit|-
        [Lf]|limit of flocculation|-
        [D'ag'U]|D-antigen unit|-
        [FEU]|fibrinogen equivalent unit|-
        [ELU]|ELISA unit|-
        [EU]|Ehrlich unit|-
        [NTU]|nephelometric turbidity unit|-
        [FNU]|formazin nephelometric unit|-
        """
}
