import Primitives
import Storage
import Testing

@Suite struct SafeTensorsTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    static let golden = SharedData.root + "/golden/qwen3-tiny/model/model.safetensors"

    /// Expected numbers read from the file with Python's `struct`.
    @Test(.enabled(if: SharedData.isPresent, Comment(rawValue: SharedData.absence)))
    func readsAHuggingFaceCheckpoint() throws {
        let file = try SafeTensors.read(Self.golden)
        #expect(file.metadata == ["format": "pt"])
        #expect(file.tensors.count == 24)
        let embedding = try #require(file["model.embed_tokens.weight"])
        #expect(embedding.shape == [97, 32])
        let values = try #require(embedding.floats)
        #expect(values[..<3] == [0.06376048922538757, -0.0227894876152277, 0.0620456300675869])
        #expect(abs(values.reduce(0.0) { $0 + Double($1) } - 5.493259440188922) < 1e-12)
        #expect(file["model.norm.weight"]?.floats?.first == 0.981194794178009)
        #expect(file["absent"] == nil)
    }

    @Test(.enabled(if: SharedData.isPresent, Comment(rawValue: SharedData.absence)))
    func writesTheSameBytesAsTheReference() throws {
        let file = try SafeTensors.read(Self.golden)
        try file.write(to: directory.file("copy.safetensors"))
        let copy = try FileStore.read(directory.file("copy.safetensors"))
        let original = try FileStore.read(Self.golden)
        #expect(SHA256.hex(copy) == SHA256.hex(original))
    }

    @Test func everyElementTypeReadsBack() throws {
        let tensors: [SafeTensors.Tensor] = [
            .init(name: "f32", shape: [2, 2], elements: .float32([1, -0.0, .infinity, 0x1p-140])),
            .init(name: "f64", shape: [1], elements: .float64([0.1])),
            .init(name: "bf16", shape: [3], elements: .bfloat16AsFloat([1, -2.5, 0x1p-133])),
            .init(name: "f16", shape: [3], elements: .float16AsFloat([65504, -0x1p-24, .infinity])),
            .init(name: "i64", shape: [2], elements: .int64([.min, .max])),
            .init(name: "i32", shape: [1, 1, 1], elements: .int32([-7])),
            .init(name: "u8", shape: [3], elements: .uint8([0, 128, 255])),
            .init(name: "bool", shape: [2], elements: .bool([true, false])),
            .init(name: "scalar", shape: [], elements: .float32([3])),
            .init(name: "empty", shape: [0, 4], elements: .float32([])),
        ]
        let path = directory.file("all.safetensors")
        try SafeTensors(tensors: tensors, metadata: ["b": "2", "a": "1"]).write(to: path)
        let file = try SafeTensors.read(path)
        #expect(file.tensors == tensors)
        #expect(file.metadata == ["a": "1", "b": "2"])
        #expect(file["i32"]?.integers == [-7])
    }

    /// Bit patterns from IEEE 754-2019 binary16 and from the definition of bfloat16 (the upper half of binary32).
    static let roundings: [(value: Float, half: UInt16, brain: UInt16)] = [
        (1, 0x3C00, 0x3F80), (-2, 0xC000, 0xC000), (65504, 0x7BFF, 0x4780),
        (65520, 0x7C00, 0x4780), (0x1p-24, 0x0001, 0x3380), (0x1p-25, 0x0000, 0x3300), (0x1.8p-25, 0x0001, 0x3340),
        (0x1.002p0, 0x3C00, 0x3F80), (0x1.006p0, 0x3C02, 0x3F80), (0x1.fffp-15, 0x0400, 0x3880),
        (0x1.01p0, 0x3C04, 0x3F80), (0x1.03p0, 0x3C0C, 0x3F82), (-.infinity, 0xFC00, 0xFF80),
    ]

    @Test(arguments: roundings)
    func roundsToNearestEven(value: Float, half: UInt16, brain: UInt16) throws {
        let path = directory.file("half.safetensors")
        try SafeTensors(
            tensors: [
                .init(name: "h", shape: [1], elements: .float16AsFloat([value])),
                .init(name: "b", shape: [1], elements: .bfloat16AsFloat([value])),
            ]
        ).write(to: path)
        let tail = try FileStore.read(path).suffix(4).map(UInt16.init)
        #expect(tail[0] | tail[1] << 8 == half)
        #expect(tail[2] | tail[3] << 8 == brain)
    }

    static let malformed: [(header: String, dataCount: Int, problem: String)] = [
        ("[]", 0, "the header is an array"), ("{", 0, "header: invalid JSON"),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 3, "cut off"),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 5, "belong to none"),
        (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, 4, "does not fit"),
        (#"{"a":{"dtype":"F8","shape":[4],"data_offsets":[0,4]}}"#, 4, "element type F8"),
        (#"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#, 4, "`a.shape`"),
        (#"{"a":{"dtype":"U8","shape":[9223372036854775807,2],"data_offsets":[0,4]}}"#, 4, "does not fit"),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, 8, "should begin at 0"),
        (#"{"a":{"dtype":"F32","shape":[1]}}"#, 4, "`a.data_offsets`"),
    ]

    @Test(arguments: malformed.indices)
    func malformedFilesAreRefused(index: Int) throws {
        let (header, dataCount, problem) = Self.malformed[index]
        var bytes = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) }
        bytes += Array(header.utf8) + [UInt8](repeating: 0, count: dataCount)
        let path = directory.file("bad.safetensors")
        try FileStore.writeAtomically(bytes, to: path)
        let error = #expect(throws: StorageError.self) { try SafeTensors.read(path) }
        #expect(error?.description.hasPrefix(path) == true)
        #expect(error?.description.contains(problem) == true, "\(String(describing: error))")
    }

    @Test(arguments: [[], [1, 2, 3], [UInt8](repeating: 255, count: 16)])
    func filesWithoutAHeaderAreRefused(bytes: [UInt8]) throws {
        let path = directory.file("bad.safetensors")
        try FileStore.writeAtomically(bytes, to: path)
        #expect(throws: StorageError.self) { try SafeTensors.read(path) }
    }
}
