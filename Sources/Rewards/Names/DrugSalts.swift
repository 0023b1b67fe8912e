/// The words that name the salt, the simple ester or the hydrate of a drug.
enum DrugSalts {
    private static let anions: Set<String> = [
        "hydrochloride", "dihydrochloride", "hydrobromide", "sulfate", "bisulfate", "hemisulfate", "maleate",
        "mesylate",
        "dimesylate", "besylate", "tosylate", "esylate", "edisylate", "isethionate", "tartrate", "bitartrate",
        "hemitartrate", "succinate", "hemisuccinate", "acetate", "diacetate", "citrate", "phosphate", "diphosphate",
        "fumarate", "hemifumarate", "nitrate", "chloride", "bromide", "iodide", "lactate", "gluconate", "malate",
        "oxalate", "pamoate", "camsylate", "napadisylate", "trifluoroacetate", "aspartate", "benzoate", "xinafoate",
        "propionate", "dipropionate", "palmitate", "valerate", "stearate", "carbonate",
    ]
    private static let hydrates: Set<String> = [
        "hydrate", "monohydrate", "dihydrate", "trihydrate", "tetrahydrate", "pentahydrate", "hexahydrate",
        "heptahydrate", "hemihydrate", "sesquihydrate", "anhydrous", "hydrous",
    ]
    private static let cations: Set<String> = [
        "sodium", "disodium", "trisodium", "potassium", "dipotassium", "calcium", "hemicalcium", "magnesium", "zinc",
        "lithium", "ammonium", "tromethamine", "meglumine", "lysine", "arginine", "erbumine", "trometamol",
        "benzathine",
        "procaine", "diolamine", "olamine",
    ]
    /// Names that are nothing without their counter-ion.
    private static let simpleIons: Set<String> = [
        "sodium", "potassium", "calcium", "magnesium", "lithium", "iron", "ferrous", "ferric", "zinc", "aluminum",
        "ammonium", "silver", "barium", "strontium", "bismuth", "copper", "cupric", "gold", "mercury", "manganese",
        "selenium", "cobalt", "radium", "rubidium", "thallium", "thallous", "cesium", "hydrogen", "bicarbonate",
        "hydroxide", "oxide", "fluoride", "nitrite", "thiosulfate", "amyl", "isosorbide", "glyceryl", "methyl", "ethyl",
        "lanthanum", "sodium dihydrogen", "dihydrogen",
    ]

    /// How many words at the end name the salt. Nothing is counted where what is left would be no drug of its own
    /// (`lithium carbonate`, `sodium chloride`, `isosorbide dinitrate`).
    static func trailingCount(_ words: [String]) -> Int {
        var count = 0
        while count + 1 < words.count, isSalt(words[words.count - 1 - count]) { count += 1 }
        while count > 0 {
            let base = words.dropLast(count)
            guard base.count == 1, let first = base.first, simpleIons.contains(first) || isSalt(first) else { break }
            count = 0
        }
        return count
    }

    private static func isSalt(_ word: String) -> Bool {
        anions.contains(word) || hydrates.contains(word) || cations.contains(word)
    }

    /// `sodium valproate` as `valproate sodium`.
    static func cationLast(_ words: [String]) -> [String] {
        guard words.count == 2, cations.contains(words[0]), words[1].hasSuffix("ate") || words[1].hasSuffix("ite"),
            !anions.contains(words[1])
        else { return words }
        return [words[1], words[0]]
    }

    private static let acids: [String: String] = [
        "clavulanate": "clavulanic acid", "valproate": "valproic acid", "mycophenolate": "mycophenolic acid",
        "alendronate": "alendronic acid", "zoledronate": "zoledronic acid", "risedronate": "risedronic acid",
        "ibandronate": "ibandronic acid", "pamidronate": "pamidronic acid", "folinate": "folinic acid",
        "ascorbate": "ascorbic acid", "cromoglycate": "cromoglicic acid", "cromolyn": "cromoglicic acid",
        "fusidate": "fusidic acid", "salicylate": "salicylic acid", "nicotinate": "nicotinic acid",
        "pantothenate": "pantothenic acid", "etacrynate": "etacrynic acid", "hyaluronate": "hyaluronic acid",
    ]

    /// The acid whose salts' names a policy strips to `name`.
    static func acid(of name: String) -> String? { acids[name] }
}
