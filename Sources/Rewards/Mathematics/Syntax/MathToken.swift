/// A lexical element of a mathematical text: what it is and where it stands.
struct MathToken: Sendable, Hashable {
    enum Kind: UInt8, Sendable, Hashable {
        case end
        /// A run of decimal digits.
        case digits
        /// A run of letters; `detail` is a ``WordReading``.
        case word
        /// Words between braces of `\text` and its like, or a quoted string.
        case text
        /// A symbol whose name is the bytes of the token, taken as they are.
        case rawName
        /// `detail` indexes ``MathFunction/allCases``.
        case function
        /// `detail` indexes ``MathLexicon/letterNames``.
        case letter
        /// `detail` indexes ``MathLexicon/constants``.
        case constant
        /// `detail` indexes ``MathLexicon/namedSets``.
        case namedSet
        /// `detail` indexes ``MathLexicon/accents``.
        case accent
        /// A name that stands before the thing it names: `\angle ABC`.
        case prefixName
        case dots, circle
        case plus, minus, times, divide, plusMinus, minusPlus
        case power, subscripted, prime, factorial, percent, degree, currency
        /// `detail` indexes ``MathLexicon/relations``.
        case relation
        case element, notElement, negation, mid
        case colon, comma, semicolon, conjunction, dot
        /// A comma between groups of three digits.
        case groupSeparator
        case modulo, moduloGroup
        case union, intersection, difference, symmetricDifference
        case openRound, closeRound, openSquare, closeSquare, openGroup, closeGroup, openSet, closeSet
        case bar, openBar, closeBar, doubleBar
        case openFloor, closeFloor, openCeiling, closeCeiling, openAngle, closeAngle
        case openNothing, closeNothing
        case fraction, binomial, choose, over, root, cubeRoot
        /// A command whose argument stands for itself: `\boxed`.
        case transparent
        /// `detail` indexes ``MathLexicon/bigOperators``.
        case bigOperator
        case limit, partial
        /// `detail` is a ``MathEnvironment``.
        case beginEnvironment, endEnvironment
        case ampersand, rowBreak
        /// `detail` is a ``SympyConstructor``.
        case constructor
    }

    var kind: Kind
    var detail: UInt8 = 0
    /// Whether white space stands before the token.
    var hasSpace = false
    var start: Int32
    var end: Int32

    var count: Int { Int(end - start) }
}

/// How a run of letters is read.
enum WordReading: UInt8, Sendable {
    /// Each letter is a variable, and they are multiplied.
    case letters
    /// A word of a language.
    case text
    /// The name of one variable.
    case name
}

/// The environments of `\begin`.
enum MathEnvironment: UInt8, Sendable {
    case matrix, determinant, cases
    /// Lines of formulas: `aligned`, `gathered`.
    case lines
}

/// The classes whose constructors SymPy's `str` writes.
enum SympyConstructor: UInt8, Sendable {
    case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual
    case interval, openInterval, leftOpenInterval, rightOpenInterval
    case finiteSet, union, intersection, complement, symmetricDifference, contains
    case integral, sum, product, limit, derivative
    case matrix, tuple, junction, transparent
}
