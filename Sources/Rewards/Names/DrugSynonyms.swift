/// Names of one substance in different nomenclatures (INN, USAN, BAN and former BAN).
enum DrugSynonyms {
    /// Each line: the INN, then its national names.
    private static let groups: [[String]] = [
        ["paracetamol", "acetaminophen"],
        ["acetylsalicylic acid", "aspirin"],
        ["epinephrine", "adrenaline", "adrenalin"],
        ["norepinephrine", "noradrenaline"],
        ["isoprenaline", "isoproterenol"],
        ["orciprenaline", "metaproterenol"],
        ["salbutamol", "albuterol"],
        ["levosalbutamol", "levalbuterol"],
        ["lidocaine", "lignocaine"],
        ["tetracaine", "amethocaine"],
        ["cinchocaine", "dibucaine"],
        ["oxybuprocaine", "benoxinate"],
        ["furosemide", "frusemide"],
        ["bendroflumethiazide", "bendrofluazide"],
        ["pethidine", "meperidine"],
        ["dextropropoxyphene", "propoxyphene"],
        ["diamorphine", "heroin", "diacetylmorphine"],
        ["rifampicin", "rifampin"],
        ["ciclosporin", "cyclosporine", "cyclosporin"],
        ["aciclovir", "acyclovir"],
        ["glibenclamide", "glyburide"],
        ["levothyroxine", "thyroxine"],
        ["beclometasone", "beclomethasone"],
        ["trihexyphenidyl", "benzhexol"],
        ["benzatropine", "benztropine"],
        ["alimemazine", "trimeprazine"],
        ["chlorphenamine", "chlorpheniramine"],
        ["dexchlorpheniramine", "dexchlorphenamine"],
        ["mepyramine", "pyrilamine"],
        ["dosulepin", "dothiepin"],
        ["levomepromazine", "methotrimeprazine"],
        ["amobarbital", "amylobarbitone"],
        ["pentobarbital", "pentobarbitone"],
        ["secobarbital", "quinalbarbitone"],
        ["clomifene", "clomiphene"],
        ["diethylstilbestrol", "stilbestrol"],
        ["etynodiol", "ethynodiol"],
        ["ethinylestradiol", "ethinyl estradiol"],
        ["norethisterone", "norethindrone"],
        ["chlormethine", "mechlorethamine", "mustine"],
        ["doxorubicin", "hydroxydaunorubicin"],
        ["daunorubicin", "daunomycin"],
        ["cytarabine", "cytosine arabinoside"],
        ["hydroxycarbamide", "hydroxyurea"],
        ["mercaptopurine", "6 mercaptopurine"],
        ["fluorouracil", "5 fluorouracil"],
        ["flucytosine", "5 fluorocytosine"],
        ["tioguanine", "thioguanine", "6 thioguanine"],
        ["mitomycin", "mitomycin c"],
        ["dactinomycin", "actinomycin d"],
        ["dicycloverine", "dicyclomine"],
        ["hyoscine", "scopolamine"],
        ["suxamethonium", "succinylcholine"],
        ["nitroglycerin", "glyceryl trinitrate", "glycerol trinitrate"],
        ["phytomenadione", "phytonadione"],
        ["colecalciferol", "cholecalciferol"],
        ["tetracosactide", "cosyntropin", "tetracosactrin"],
        ["colestyramine", "cholestyramine"],
        ["folinic acid", "leukovorin"],
        ["mesalazine", "mesalamine"],
        ["sulfasalazine", "salicylazosulfapyridine"],
        ["metamizole", "dipyrone"],
        ["methylthioninium chloride", "methylene blue"],
        ["gamma benzene hexachloride", "lindane"],
        ["chlortalidone", "chlorthalidone"],
        ["moxisylyte", "thymoxamine"],
        ["procaine benzylpenicillin", "procaine penicillin"],
        ["benzylpenicillin", "penicillin g"],
        ["phenoxymethylpenicillin", "penicillin v"],
        ["meticillin", "methicillin"],
        ["cefapirin", "cephapirin"],
        ["sulfadimidine", "sulfamethazine"],
        ["sulfafurazole", "sulfisoxazole"],
        ["zidovudine", "azidothymidine"],
        ["didanosine", "dideoxyinosine"],
        ["mepacrine", "quinacrine"],
        ["liothyronine", "triiodothyronine"],
        ["tretinoin", "all trans retinoic acid"],
        ["isotretinoin", "13 cis retinoic acid"],
        ["pentetrazol", "pentylenetetrazol"],
        ["dimercaprol", "british anti lewisite"],
        ["calcitonin salmon", "salmon calcitonin", "salcatonin"],
        ["chorionic gonadotropin", "chorionic gonadotrophin"],
        ["torasemide", "torsemide"],
        ["etacrynic acid", "ethacrynic acid"],
        ["riboflavin", "riboflavine"],
        ["nicotinamide", "niacinamide"],
        ["nicotinic acid", "niacin"],
        ["indometacin", "indomethacin"],
        ["dimeticone", "dimethicone"],
        ["simeticone", "simethicone"],
        ["clavulanic acid", "clavulanate"],
        ["hydrocortisone", "cortisol"],
    ]

    /// British names of fixed combinations, without their hyphen, with the INN of what they contain.
    private static let combinations: [String: [String]] = [
        "coamoxiclav": ["amoxicillin", "clavulanic acid"],
        "cotrimoxazole": ["sulfamethoxazole", "trimethoprim"],
        "cocodamol": ["codeine", "paracetamol"],
        "codydramol": ["dihydrocodeine", "paracetamol"],
        "coproxamol": ["dextropropoxyphene", "paracetamol"],
        "cocareldopa": ["carbidopa", "levodopa"],
        "cobeneldopa": ["benserazide", "levodopa"],
        "coamilofruse": ["amiloride", "furosemide"],
        "coamilozide": ["amiloride", "hydrochlorothiazide"],
        "cofluampicil": ["ampicillin", "flucloxacillin"],
        "cophenotrope": ["atropine", "diphenoxylate"],
    ]

    /// What the British name of a combination stands for.
    static func combination(_ name: String) -> [String]? { name.hasPrefix("co") ? combinations[name] : nil }

    /// National names in canonical spelling with their INN.
    private static let table: [String: String] = {
        var table: [String: String] = [:]
        for group in groups {
            for name in group.dropFirst() where name != group[0] { table[name] = group[0] }
        }
        return table
    }()

    /// The INN of a national name in lower case with hyphens as spaces.
    static func standard(_ name: String) -> String? { table[name] }
}
