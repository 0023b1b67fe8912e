import Primitives
import Testing

@testable import Backends

@Suite struct DatumEncoderTests {
    private func chunks(_ batch: [Datum], limits: DatumEncoder.Limits) throws -> [DatumEncoder.Chunk] {
        try DatumEncoder.chunks(batch, loss: .importanceSampling, sendsWeights: true, limits: limits)
    }

    @Test(arguments: [
        Float(0), -0.0, 1, -1, 0.1, .leastNonzeroMagnitude, .leastNormalMagnitude, .greatestFiniteMagnitude,
        -6.199784755706787, 16_777_216, 0.333333343,
    ])
    func floatsSurviveTheirText(value: Float) throws {
        var writer = JSONByteWriter()
        writer.append([value, value, 2])
        let read = try #require(try JSONValue.parse(writer.bytes).floatsValue)
        #expect(read.map(\.bitPattern) == [value, value, 2].map(\.bitPattern))
    }

    @Test(arguments: [[], [0], [.max, .min, 10, 7, -1]] as [[TokenID]])
    func tokensSurviveTheirText(tokens: [TokenID]) throws {
        var writer = JSONByteWriter()
        writer.append(tokens)
        #expect(try JSONValue.parse(writer.bytes).tokensValue == tokens)
    }

    @Test func policyLossesSendAllFourTensors() throws {
        let datum = Datum.example(count: 4, advantage: 0.5)
        let chunk = try chunks([datum], limits: .init())[0]
        let item = try #require(try JSONValue.parse(chunk.data).arrayValue?.first)
        let inputs = try #require(item["loss_fn_inputs"])
        #expect(inputs["target_tokens"]?["data"]?.tokensValue == datum.targetTokens)
        #expect(inputs["weights"]?["data"]?.floatsValue == datum.weights)
        #expect(inputs["logprobs"]?["data"]?.floatsValue == datum.logprobs)
        #expect(inputs["advantages"]?["data"]?.floatsValue == datum.advantages)
        #expect(inputs["advantages"]?["shape"] == [4])
        #expect(inputs["target_tokens"]?["dtype"] == "int64")
        #expect(item["model_input"]?["chunks"]?.arrayValue?.first?["tokens"]?.tokensValue == datum.inputTokens)
    }

    @Test func crossEntropySendsTargetsAndWeights() throws {
        let chunk = try DatumEncoder.chunks(
            [.example(count: 4)], loss: .crossEntropy, sendsWeights: false, limits: .init())[0]
        let inputs = try #require(try JSONValue.parse(chunk.data).arrayValue?.first?["loss_fn_inputs"]?.objectValue)
        #expect(inputs.members.map(\.key) == ["target_tokens", "weights"])
    }

    @Test func chunksHoldAtMostTheAllowedDatums() throws {
        let chunks = try chunks((1...10).map { .example(count: $0) }, limits: .init(datums: 4, bytes: 1 << 30))
        #expect(chunks.map(\.range) == [0..<4, 4..<8, 8..<10])
        #expect(try chunks.map { try JSONValue.parse($0.data).arrayValue?.count } == [4, 4, 2])
    }

    @Test func chunksHoldAtMostTheAllowedBytes() throws {
        let batch = (0..<50).map { Datum.example(count: 10 + $0) }
        let all = try chunks(batch, limits: .init(datums: 1000, bytes: 3000))
        #expect(all.allSatisfy { $0.data.count <= 3000 })
        #expect(all.flatMap(\.range) == Array(0..<50))
        #expect(all.count < 50)
    }

    @Test func aDatumOverTheLimitTravelsAlone() throws {
        let batch: [Datum] = [.example(count: 2), .example(count: 500), .example(count: 2)]
        #expect(try chunks(batch, limits: .init(datums: 1000, bytes: 3000)).map(\.range) == [0..<1, 1..<2, 2..<3])
    }

    @Test func whatJSONCannotCarryIsRefusedByName() {
        var datum = Datum.example(count: 3)
        datum.advantages[1] = .nan
        #expect(throws: BackendError.self) { try chunks([.example(count: 2), datum], limits: .init()) }
        do {
            _ = try chunks([.example(count: 2), datum], limits: .init())
        } catch {
            #expect("\(error)".contains("advantages of datum 1 holds nan at position 1"))
        }
        #expect(throws: BackendError.self) { try chunks([], limits: .init()) }
    }
}
