/// Memory of fixed size for the look-up tables of the encoder: shared without copying, read without bounds checks.
///
/// Written only while it is made, by its one owner; read by any number of tasks afterwards.
final class FixedTable<Element: BitwiseCopyable>: @unchecked Sendable {
    let elements: UnsafeMutableBufferPointer<Element>

    @inline(__always)
    var start: UnsafeMutablePointer<Element> { elements.baseAddress.unsafelyUnwrapped }

    @inline(__always)
    var count: Int { elements.count }

    init(repeating element: Element, count: Int) {
        elements = .allocate(capacity: max(count, 1))
        elements.initialize(repeating: element)
    }

    convenience init(_ values: [Element]) {
        self.init(count: values.count) { buffer in _ = buffer.initialize(fromContentsOf: values) }
    }

    /// - Parameter fill: must initialise all elements.
    init(count: Int, fill: (UnsafeMutableBufferPointer<Element>) -> Void) {
        elements = .allocate(capacity: max(count, 1))
        fill(UnsafeMutableBufferPointer(rebasing: elements[..<count]))
    }

    func copy() -> FixedTable { FixedTable(count: count) { _ = $0.initialize(fromContentsOf: elements) } }

    deinit { elements.deallocate() }
}
