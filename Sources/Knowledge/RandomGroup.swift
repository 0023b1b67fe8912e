/// The groups of the random stream `synthesis` that this module draws from, apart from each other and from those that
/// questions' wordings and splits use.
enum RandomGroup {
    static let subgraphs = 0x4B00
    static let chains = 0x4B01
    static let conjunctions = 0x4B02
    static let order = 0x4B03
    static let longestChain = 0x4B04
}
