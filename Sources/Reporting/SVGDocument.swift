/// The few elements of SVG that a chart needs, appended in drawing order.
struct SVGDocument {
    private var body = ""
    private let width: Double
    private let height: Double

    init(width: Double, height: Double) {
        self.width = width
        self.height = height
    }

    typealias Point = (x: Double, y: Double)

    mutating func add(_ element: String) { body += "  " + element + "\n" }

    mutating func rectangle(
        x: Double, y: Double, width: Double, height: Double, fill: String, radius: Double = 0, attributes: String = ""
    ) {
        add(
            "<rect x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" width=\"\(Self.number(width))\" "
                + "height=\"\(Self.number(height))\" rx=\"\(Self.number(radius))\" fill=\"\(fill)\"\(Self.spaced(attributes))/>"
        )
    }

    mutating func line(from: Point, to: Point, stroke: String, width: Double = 1, attributes: String = "") {
        add(
            "<line x1=\"\(Self.number(from.x))\" y1=\"\(Self.number(from.y))\" x2=\"\(Self.number(to.x))\" "
                + "y2=\"\(Self.number(to.y))\" stroke=\"\(stroke)\" stroke-width=\"\(Self.number(width))\""
                + "\(Self.spaced(attributes))/>")
    }

    mutating func polyline(_ points: [Point], stroke: String, width: Double, attributes: String = "") {
        guard points.count > 1 else { return }
        add(
            "<polyline points=\"\(Self.list(points))\" fill=\"none\" stroke=\"\(stroke)\" "
                + "stroke-width=\"\(Self.number(width))\" stroke-linejoin=\"round\" stroke-linecap=\"round\""
                + "\(Self.spaced(attributes))/>")
    }

    mutating func polygon(_ points: [Point], fill: String, opacity: Double) {
        add("<polygon points=\"\(Self.list(points))\" fill=\"\(fill)\" fill-opacity=\"\(Self.number(opacity))\"/>")
    }

    mutating func circle(_ centre: Point, radius: Double, fill: String, attributes: String = "") {
        add(
            "<circle cx=\"\(Self.number(centre.x))\" cy=\"\(Self.number(centre.y))\" r=\"\(Self.number(radius))\" "
                + "fill=\"\(fill)\"\(Self.spaced(attributes))/>")
    }

    mutating func text(
        _ text: String, at point: Point, size: Double, fill: String, anchor: String = "start", attributes: String = ""
    ) {
        add(
            "<text x=\"\(Self.number(point.x))\" y=\"\(Self.number(point.y))\" font-size=\"\(Self.number(size))\" "
                + "fill=\"\(fill)\" text-anchor=\"\(anchor)\"\(Self.spaced(attributes))>\(Self.escape(text))</text>")
    }

    /// The whole file. `title` and `description` are read out by screen readers.
    func text(title: String, description: String) -> String {
        let (width, height) = (Self.number(width), Self.number(height))
        return """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(width) \(height)" width="\(width)" height="\(height)" \
            role="img" aria-labelledby="title description" \
            font-family="'Helvetica Neue', Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif">
              <title id="title">\(Self.escape(title))</title>
              <desc id="description">\(Self.escape(description))</desc>
            \(body)</svg>

            """
    }

    /// At most two decimals, without trailing zeros.
    static func number(_ value: Double) -> String {
        var text = NumberText.fixed(value, 2)
        while text.hasSuffix("0") { text.removeLast() }
        if text.hasSuffix(".") { text.removeLast() }
        return text
    }

    static func escape(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            // XML 1.0 has no way to write other control characters.
            case _ where scalar.value < 0x20 && scalar != "\n" && scalar != "\t": escaped += " "
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    private static func list(_ points: [Point]) -> String {
        points.map { "\(number($0.x)),\(number($0.y))" }.joined(separator: " ")
    }

    private static func spaced(_ attributes: String) -> String { attributes.isEmpty ? "" : " " + attributes }
}
