/// A canvas of characters, each of 2 × 4 dots as in the Braille patterns of Unicode, or of one dot in ASCII.
struct DotCanvas {
    let columns: Int
    let rows: Int
    private let encoding: TextEncoding
    private var dots: [UInt8]
    /// Characters that stand over the dots.
    private var marks: [Character?]

    init(columns: Int, rows: Int, encoding: TextEncoding) {
        self.columns = columns
        self.rows = rows
        self.encoding = encoding
        dots = [UInt8](repeating: 0, count: columns * rows)
        marks = [Character?](repeating: nil, count: columns * rows)
    }

    /// Dots per character.
    var resolution: (x: Int, y: Int) { encoding == .unicode ? (2, 4) : (1, 1) }

    var width: Int { columns * resolution.x }
    var height: Int { rows * resolution.y }

    /// The bit of each dot of a Braille pattern, by row and column.
    private static let bits: [[UInt8]] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]]

    /// Sets the dot at `x` from the left and `y` from the top; outside the canvas nothing happens.
    mutating func set(x: Int, y: Int) {
        guard 0..<width ~= x, 0..<height ~= y else { return }
        let cell = y / resolution.y * columns + x / resolution.x
        dots[cell] |= encoding == .unicode ? Self.bits[y % 4][x % 2] : 1
    }

    /// Joins two dots by a straight line (Bresenham).
    mutating func line(from: (x: Int, y: Int), to: (x: Int, y: Int)) {
        let (dx, dy) = (abs(to.x - from.x), -abs(to.y - from.y))
        let (sx, sy) = (from.x < to.x ? 1 : -1, from.y < to.y ? 1 : -1)
        var (x, y) = from
        var error = dx + dy
        while true {
            set(x: x, y: y)
            if (x, y) == to { return }
            let doubled = 2 * error
            if doubled >= dy {
                error += dy
                x += sx
            }
            if doubled <= dx {
                error += dx
                y += sy
            }
        }
    }

    /// Puts a character over the dots of the cell that holds the dot (x, y).
    mutating func mark(_ character: Character, x: Int, y: Int) {
        guard 0..<width ~= x, 0..<height ~= y else { return }
        marks[y / resolution.y * columns + x / resolution.x] = character
    }

    /// Whether the cell in a column and row of characters holds nothing.
    func isEmpty(column: Int, row: Int) -> Bool {
        dots[row * columns + column] == 0 && marks[row * columns + column] == nil
    }

    func line(_ row: Int) -> String {
        String(
            (0..<columns).map { column in
                let cell = row * columns + column
                if let mark = marks[cell] { return mark }
                if dots[cell] == 0 { return " " }
                guard encoding == .unicode, let scalar = Unicode.Scalar(0x2800 + UInt32(dots[cell])) else { return "*" }
                return Character(scalar)
            })
    }
}
