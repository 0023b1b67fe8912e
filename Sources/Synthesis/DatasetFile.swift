import Primitives
import Storage

/// Reads and writes the JSON lines of a dataset with this room's errors.
enum DatasetFile {
    static func write(_ rows: [JSONValue], _ path: String) throws(SynthesisError) {
        do throws(StorageError) { try JSONLines.write(rows, toZstandard: path) } catch { throw .storage(error) }
    }

    static func rows(_ path: String) throws(SynthesisError) -> [JSONValue] {
        do throws(StorageError) { return try JSONLines.read(path) } catch { throw .storage(error) }
    }

    static func storing<Value>(_ work: () throws(StorageError) -> Value) throws(SynthesisError) -> Value {
        do throws(StorageError) { return try work() } catch { throw .storage(error) }
    }

    static func read<Value>(
        _ path: String, _ decode: () throws(JSONError) -> Value
    ) throws(SynthesisError) -> Value {
        do throws(JSONError) { return try decode() } catch { throw .invalidRow(path: path, reason: error) }
    }
}
