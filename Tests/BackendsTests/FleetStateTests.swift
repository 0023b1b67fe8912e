import Primitives
import Testing

@testable import Backends

/// The health state machine and the version table as values.
@Suite struct FleetStateTests {
    private let start = ContinuousClock.now

    // MARK: Health

    @Test func failuresInARowEjectAndASuccessBetweenThemDoesNot() {
        var health = ReplicaHealth()
        for _ in 0..<10 {
            health.failed(at: start, isDecisive: false)
            health.failed(at: start, isDecisive: false)
            health.succeeded()
        }
        #expect(health.isServing)
        for _ in 0..<3 { health.failed(at: start, isDecisive: false) }
        #expect(!health.isServing)
        health.succeeded()
        #expect(!health.isServing)
    }

    @Test func backOffsDoubleUpToTheirLimitAndAreForgiven() {
        let rules = ReplicaHealth.Rules(initialBackOff: .seconds(1), maximumBackOff: .seconds(8), successesToForgive: 4)
        var health = ReplicaHealth(rules: rules)
        health.failed(at: start, isDecisive: true)
        for seconds in [1, 2, 4, 8, 8] {
            #expect(health.ejectedUntil == start.advanced(by: .seconds(seconds)))
            #expect(!health.isProbeDue(at: start.advanced(by: .milliseconds(seconds * 1000 - 1))))
            #expect(health.isProbeDue(at: start.advanced(by: .seconds(seconds))))
            health.probeFailed(at: start)
        }
        health.readmit()
        #expect(health.isServing)
        for _ in 0..<4 { health.succeeded() }
        health.failed(at: start, isDecisive: true)
        #expect(health.ejectedUntil == start.advanced(by: .seconds(1)))
    }

    @Test func aReplicaThatFailsSoonAfterItsReadmissionWaitsLonger() {
        var health = ReplicaHealth(rules: .init(initialBackOff: .seconds(1), successesToForgive: 4))
        health.failed(at: start, isDecisive: true)
        health.readmit()
        health.succeeded()
        health.failed(at: start, isDecisive: true)
        #expect(health.ejectedUntil == start.advanced(by: .seconds(2)))
    }

    /// Random histories: an ejected replica serves again by readmission alone, and back-offs stay within their limits.
    @Test(arguments: 0..<8)
    func anEjectedReplicaIsReadmittedByNothingElse(seed: Int) {
        var random = CounterRandom(seed: UInt64(seed), stage: .evaluation, group: 1)
        let rules = ReplicaHealth.Rules(initialBackOff: .seconds(1), maximumBackOff: .seconds(60))
        var health = ReplicaHealth(rules: rules)
        var now = start
        for _ in 0..<500 {
            now = now.advanced(by: .milliseconds(random.integer(below: 3000)))
            let before = health
            switch random.integer(below: 4) {
            case 0: health.succeeded()
            case 1: health.failed(at: now, isDecisive: random.uniform() < 0.3)
            case 2: if health.isProbeDue(at: now) { health.readmit() }
            default: if health.isProbeDue(at: now) { health.probeFailed(at: now) }
            }
            if !before.isServing, health.isServing { #expect(before.isProbeDue(at: now)) }
            if let until = health.ejectedUntil, before.ejectedUntil != until {
                #expect(now.duration(to: until) >= .seconds(1) && now.duration(to: until) <= .seconds(60))
            }
            if health.isServing { #expect(health.failures < rules.failuresToEject) }
        }
    }

    // MARK: Versions

    private func weights(_ name: String) -> FleetWeights { FleetWeights(name: name, directory: "/weights/" + name) }

    @Test func anAdapterIsRemovedAfterItsLastSequence() {
        var table = VersionTable(replicas: 1, form: .adapter)
        table.publish(weights("a"))
        table.loaded("a", on: 0)
        table.begin(2, of: "a", on: 0)
        table.publish(weights("b"))
        #expect(table.missing(on: 0).map(\.name) == ["b"])
        table.loaded("b", on: 0)
        table.retire("a")
        #expect(table.removable(on: 0) == [])
        table.end(1, of: "a", on: 0)
        #expect(table.removable(on: 0) == [])
        table.end(1, of: "a", on: 0)
        #expect(table.removable(on: 0) == ["a"])
        table.lost("a", on: 0)
        #expect(table.removable(on: 0) == [])
        #expect(table.held(on: 0) == ["b"])
    }

    @Test func aWholeModelReplacesTheOneBefore() {
        var table = VersionTable(replicas: 2, form: .full)
        table.publish(weights("a"))
        table.loaded("a", on: 0)
        table.publish(weights("b"))
        table.loaded("b", on: 0)
        #expect(!table.holds("a", on: 0))
        #expect(table.holds("b", on: 0))
        // A replica that missed both needs the newest alone.
        #expect(table.missing(on: 1).map(\.name) == ["b"])
        #expect(table.removable(on: 0) == [])
    }

    /// Random histories of publishing, loading, sampling and retiring.
    @Test(arguments: 0..<8, [FleetWeights.Form.adapter, .full])
    func nothingInFlightIsEverRemovable(seed: Int, form: FleetWeights.Form) {
        var random = CounterRandom(seed: UInt64(seed), stage: .evaluation, group: 2)
        var table = VersionTable(replicas: 3, form: form)
        var flights: [(name: String, replica: Int)] = []
        var published = 0
        for _ in 0..<400 {
            let replica = random.integer(below: 3)
            switch random.integer(below: 6) {
            case 0:
                published += 1
                table.publish(weights("v\(published)"))
            case 1: for missing in table.missing(on: replica) { table.loaded(missing.name, on: replica) }
            case 2, 3:
                guard let name = table.live.map(\.name).filter({ table.holds($0, on: replica) }).last else { break }
                table.begin(1, of: name, on: replica)
                flights.append((name, replica))
            case 4:
                guard !flights.isEmpty else { break }
                let ended = flights.remove(at: random.integer(below: flights.count))
                table.end(1, of: ended.name, on: ended.replica)
            default:
                if let oldest = table.live.first, table.live.count > 1 { table.retire(oldest.name) }
                for name in table.removable(on: replica) { table.lost(name, on: replica) }
            }
            for replica in 0..<3 {
                let flying = flights.filter { $0.replica == replica }
                #expect(table.inFlight(on: replica) == flying.count)
                let removable = table.removable(on: replica)
                #expect(removable.allSatisfy { name in !flying.contains { $0.name == name } && !table.isLive(name) })
                if form == .full { #expect(table.held(on: replica).count <= 1) }
                let lacking = table.missing(on: replica)
                #expect(lacking.allSatisfy { table.isLive($0.name) && !table.holds($0.name, on: replica) })
            }
        }
    }

    @Test func aReplicaWithoutTheVersionIsNotChosen() {
        var book = FleetBook(
            urls: ["http://a", "http://b"], form: .adapter, limit: 8, rules: .init(), now: start)
        book.publish(weights("v"))
        #expect(book.admit(key: 1, count: 1, of: "v", excluding: []) == .none)
        book.loaded("v", on: 1)
        for key in UInt64(0)..<20 {
            #expect(book.admit(key: key, count: 1, of: "v", excluding: []) == (key < 8 ? .replica(1) : .busy))
        }
        #expect(book.admit(key: 1, count: 1, of: "other", excluding: []) == .retired)
        for _ in 0..<8 { book.leave(1, count: 1, of: "v") }
        #expect(book.admit(key: 1, count: 1, of: "v", excluding: [1]) == .busy)
        book.setUpdating(true, 1)
        #expect(book.admit(key: 1, count: 1, of: "v", excluding: []) == .none)
    }

    // MARK: Requests and answers

    @Test(arguments: [
        ("tinker://run_1/sampler_weights/v3", "/mnt/w", "/mnt/w/run_1/sampler_weights/v3"),
        ("tinker://run_1/v3", "/mnt/w/", "/mnt/w/run_1/v3"),
        ("tinker://run_1/sampler_weights/v3", "/mnt/{model}/x/{name}", "/mnt/run_1/x/v3"),
        ("tinker://run_1/sampler_weights/v3", "s3-{path}/", "s3-run_1/sampler_weights/v3"),
    ])
    func referencesBecomeDirectories(reference: String, template: String, directory: String) throws {
        #expect(try WeightsLocator(template: template).directory(of: reference) == directory)
    }

    @Test(arguments: ["run/v3", "tinker://", "tinker://run", "tinker://run/../v3", "tinker://run//v3"])
    func otherReferencesAreRefused(reference: String) {
        #expect(throws: FleetError.self) { try WeightsLocator(template: "/mnt").directory(of: reference) }
    }

    @Test(arguments: [
        (1.0, 1.0, -1, false), (0.0, 0.9, 5, false), (0.7, 1.0, -1, true), (1.0, 0.9, -1, true), (1.0, 1.0, 40, true),
    ])
    func whatSpoilsLogprobsIsRefused(temperature: Double, topP: Double, topK: Int, isRefused: Bool) {
        let parameters = SamplingParameters(
            maxTokens: 1, temperature: temperature, topP: topP, topK: topK, stopTokens: [], seed: 0)
        for mode in FleetEndpoint.LogprobMode.allCases {
            let problem = SamplingSuitability.problem(with: parameters, mode: mode, accepts: false)
            #expect((problem != nil) == isRefused)
            if isRefused { #expect(problem?.contains("sampler.accepts_off_policy_sampling") == true) }
            #expect(SamplingSuitability.problem(with: parameters, mode: mode, accepts: true) == nil)
        }
    }
}
