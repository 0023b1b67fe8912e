/// The entities of a graph in compact columns; an element is put together when it is read.
///
/// Invariants: the first name of an entity is its `name`, the others are its synonyms; ids are unique by their bytes and
/// names whatever their case.
public struct EntityList: Sendable, RandomAccessCollection, Equatable {
    /// The same text under two numbers: of ids, or of names.
    struct Duplicate {
        var text: String
        var isName: Bool
    }

    let ids: TextPool
    let names: TextPool
    /// The names of entity `i` are `nameOffsets[i]..<nameOffsets[i + 1]`; cross-references likewise.
    let nameOffsets: [Int32]
    let crossReferences: TextPool
    let crossReferenceOffsets: [Int32]
    let types: TextPool
    let typeNumbers: [Int32]
    let specialties: TextPool
    /// -1 for an entity without a specialty.
    let specialtyNumbers: [Int32]
    /// Empty where no entity has one; NaN for an entity without.
    let frequencies: [Double]
    private let indexByID: TextIndex
    private let indexByName: TextIndex

    public var startIndex: Int { 0 }
    public var endIndex: Int { ids.count }

    init(_ entities: some Collection<Entity>) {
        var (ids, names, crossReferences) = (TextPool(), TextPool(), TextPool())
        var (types, specialties) = (TextInterner(), TextInterner())
        var (nameOffsets, crossReferenceOffsets): ([Int32], [Int32]) = ([0], [0])
        var (typeNumbers, specialtyNumbers): ([Int32], [Int32]) = ([], [])
        var frequencies: [Double] = []
        for entity in entities {
            ids.append(entity.id)
            names.append(entity.name)
            for synonym in entity.synonyms { names.append(synonym) }
            nameOffsets.append(Int32(names.count))
            for reference in entity.crossReferences { crossReferences.append(reference) }
            crossReferenceOffsets.append(Int32(crossReferences.count))
            typeNumbers.append(types.number(of: entity.type))
            specialtyNumbers.append(entity.specialty.map { specialties.number(of: $0) } ?? -1)
            frequencies.append(entity.frequency ?? .nan)
        }
        var duplicate: Duplicate?
        self.init(
            ids: ids, names: names, nameOffsets: nameOffsets, crossReferences: crossReferences,
            crossReferenceOffsets: crossReferenceOffsets, types: types.pool, typeNumbers: typeNumbers,
            specialties: specialties.pool, specialtyNumbers: specialtyNumbers,
            frequencies: frequencies.allSatisfy(\.isNaN) ? [] : frequencies, duplicate: &duplicate)
    }

    /// Takes columns as they are; texts that occur twice are told, the rest is the caller's to check.
    init(
        ids: TextPool, names: TextPool, nameOffsets: [Int32], crossReferences: TextPool,
        crossReferenceOffsets: [Int32], types: TextPool, typeNumbers: [Int32], specialties: TextPool,
        specialtyNumbers: [Int32], frequencies: [Double], duplicate: inout Duplicate?
    ) {
        self.ids = ids
        self.names = names
        self.nameOffsets = nameOffsets
        self.crossReferences = crossReferences
        self.crossReferenceOffsets = crossReferenceOffsets
        self.types = types
        self.typeNumbers = typeNumbers
        self.specialties = specialties
        self.specialtyNumbers = specialtyNumbers
        self.frequencies = frequencies
        var pair: (first: Int, second: Int)?
        indexByID = TextIndex(ids, ignoresCase: false, firstDuplicate: &pair)
        if let pair { duplicate = Duplicate(text: ids[pair.second], isName: false) }
        pair = nil
        indexByName = TextIndex(names, ignoresCase: true, firstDuplicate: &pair)
        if let pair { duplicate = duplicate ?? Duplicate(text: names[pair.second], isName: true) }
    }

    public subscript(position: Int) -> Entity {
        Entity(
            id: ids[position], name: name(position), type: type(position), synonyms: synonyms(position),
            specialty: specialty(position),
            crossReferences: (crossReferenceOffsets[position]..<crossReferenceOffsets[position + 1]).map {
                crossReferences[Int($0)]
            }, frequency: frequency(position))
    }

    func name(_ position: Int) -> String { names[Int(nameOffsets[position])] }

    func type(_ position: Int) -> String { types[Int(typeNumbers[position])] }

    func synonyms(_ position: Int) -> [String] {
        (nameOffsets[position] + 1..<nameOffsets[position + 1]).map { names[Int($0)] }
    }

    func specialty(_ position: Int) -> String? {
        let number = specialtyNumbers[position]
        return number < 0 ? nil : specialties[Int(number)]
    }

    func frequency(_ position: Int) -> Double? {
        guard !frequencies.isEmpty, !frequencies[position].isNaN else { return nil }
        return frequencies[position]
    }

    func index(id: String) -> EntityIndex? { indexByID.number(of: id, in: ids).map(EntityIndex.init) }

    /// The entity that has this name or synonym, whatever the case.
    func index(name: String) -> EntityIndex? {
        guard let number = indexByName.number(of: name, in: names) else { return nil }
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if Int(nameOffsets[middle + 1]) <= number { low = middle + 1 } else { high = middle }
        }
        return EntityIndex(low)
    }

    public static func == (left: EntityList, right: EntityList) -> Bool { left.elementsEqual(right) }
}
