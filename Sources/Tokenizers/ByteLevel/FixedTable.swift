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
        elements = .allocate(capacity: count)
        elements.initialize(repeating: element)
    }

    convenience init(_ values: [Element]) {
        self.init(count: values.count) { buffer in _ = buffer.initialize(fromContentsOf: values) }
    }

    /// - Parameter fill: must initialise all elements.
    init(count: Int, fill: (UnsafeMutableBufferPointer<Element>) -> Void) {
        elements = .allocate(capacity: count)
        fill(elements)
    }

    /// `nil` when the bytes are no whole number of elements.
    convenience init?(copying bytes: UnsafeRawBufferPointer) {
        guard bytes.count % MemoryLayout<Element>.stride == 0 else { return nil }
        self.init(count: bytes.count / MemoryLayout<Element>.stride) { buffer in
            UnsafeMutableRawBufferPointer(buffer).copyMemory(from: bytes)
        }
    }

    func copy() -> FixedTable { FixedTable(count: count) { _ = $0.initialize(fromContentsOf: elements) } }

    deinit { elements.deallocate() }
}
