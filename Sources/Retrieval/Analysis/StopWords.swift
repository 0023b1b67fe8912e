/// English function words, which say nothing about what a text is about.
enum StopWords {
    static let english: Set<[UInt8]> = Set(
        """
        a an the and or but nor if because as until while of at by for with about against between into through during \
        before after above below to from up down in out on off over under again further then once here there when where \
        why how what which who whom whose this that these those i me my mine we us our ours you your yours he him his she \
        her hers it its they them their theirs am is are was were be been being have has had having do does did doing can \
        could will would shall should may might must no not so than too very just also any all both each few more most \
        other some such only own same s t
        """.split(separator: " ").map { Array($0.utf8) })

    static let longest = english.reduce(0) { max($0, $1.count) }
}
