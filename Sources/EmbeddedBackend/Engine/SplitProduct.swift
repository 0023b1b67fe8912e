import CKernels
import Dispatch

/// A product of rows and a packed matrix whose columns threads can share.
///
/// Invariant: every element is summed by one thread in the same order, so the result is the same bits for any split.
struct SplitProduct: @unchecked Sendable {
    /// The columns that the kernel takes together.
    private static let panel = 32
    /// Multiplications below which a split costs more than it saves.
    private static let worthSplitting = 1 << 20

    let input: UnsafePointer<Float>
    let rows: Int
    let inputs: Int
    let matrix: UnsafePointer<Float>
    let output: UnsafeMutablePointer<Float>
    let outputs: Int
    let adding: Bool

    func run(threads: Int) {
        let panels = (outputs + Self.panel - 1) / Self.panel
        let parts = min(threads, panels)
        guard parts > 1, rows * inputs * outputs >= Self.worthSplitting else { return run(from: 0, to: outputs) }
        DispatchQueue.concurrentPerform(iterations: parts) { part in
            run(
                from: panels * part / parts * Self.panel,
                to: min(outputs, panels * (part + 1) / parts * Self.panel))
        }
    }

    private func run(from start: Int, to end: Int) {
        mr_matmul(
            rows, end - start, inputs, input, inputs, 1, matrix + start * inputs, output + start, outputs,
            adding ? 1 : 0)
    }
}
