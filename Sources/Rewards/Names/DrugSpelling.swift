/// Spellings of one word in names of drugs.
enum DrugSpelling {
    private static let words: WordTable = [
        "hcl": "hydrochloride", "hydrochlorid": "hydrochloride", "hbr": "hydrobromide", "mesilate": "mesylate",
        "methanesulfonate": "mesylate", "besilate": "besylate", "benzenesulfonate": "besylate", "tosilate": "tosylate",
        "esilate": "esylate", "edisilate": "edisylate", "isetionate": "isethionate", "embonate": "pamoate",
        "alfa": "alpha", "amoxycillin": "amoxicillin", "cephalexin": "cefalexin", "cephalothin": "cefalotin",
        "cephradine": "cefradine", "cephazolin": "cefazolin", "cephalosporin": "cefalosporin",
        "guaiphenesin": "guaifenesin",
        "phenobarbitone": "phenobarbital", "thiopentone": "thiopental",
    ]

    static func international(_ word: [UInt8]) -> [UInt8] {
        words[word] ?? word
    }
}
