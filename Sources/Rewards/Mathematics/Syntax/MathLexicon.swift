/// The names of LaTeX, of plain notation and of SymPy, and what they stand for.
enum MathLexicon {
    static let letterNames = [
        "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu",
        "xi", "omicron", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega",
        "Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Upsilon", "Phi", "Psi", "Omega",
        "varepsilon", "vartheta", "varkappa", "varpi", "varrho", "varsigma", "varphi",
        "ell", "hbar", "aleph", "nabla", "imath", "jmath", "wp",
    ]
    static let constants: [MathConstant] = [.pi, .e, .i, .infinity, .complexInfinity]
    static let namedSets: [NamedSet] = [.empty, .naturals, .integers, .rationals, .reals, .complexes, .primes]
    static let accents = ["bar", "hat", "vec", "tilde", "dot", "ddot", "check", "breve"]
    static let relations: [MathRelation] = [
        .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .approximately, .congruent, .similar,
        .subset, .superset, .implies, .tends,
    ]
    static let bigOperators: [MathOperation] = [.sum, .product, .integral]
    static let functions = MathFunction.allCases

    static func index(_ relation: MathRelation) -> UInt8 { UInt8(relations.firstIndex(of: relation) ?? 0) }

    static func index(_ function: MathFunction) -> UInt8 { UInt8(functions.firstIndex(of: function) ?? 0) }

    private typealias Name = (String, MathToken.Kind, UInt8)

    private static func names(_ kind: MathToken.Kind, _ detail: UInt8 = 0, _ list: String) -> [Name] {
        list.split(separator: " ").map { (String($0), kind, detail) }
    }

    /// Functions by the names that LaTeX, calculators and programs give them.
    private static let functionNames: [Name] = {
        let table: [(MathFunction, String)] = [
            (.sin, "sin"), (.cos, "cos"), (.tan, "tan tg"), (.sec, "sec"), (.csc, "csc cosec"), (.cot, "cot ctg cotg"),
            (.arcsin, "arcsin asin"), (.arccos, "arccos acos"), (.arctan, "arctan atan arctg"),
            (.arcsec, "arcsec asec"), (.arccsc, "arccsc acsc"), (.arccot, "arccot acot arcctg"),
            (.sinh, "sinh sh"), (.cosh, "cosh ch"), (.tanh, "tanh th"), (.sech, "sech"), (.csch, "csch"),
            (.coth, "coth cth"), (.arsinh, "arsinh arcsinh asinh"), (.arcosh, "arcosh arccosh acosh"),
            (.artanh, "artanh arctanh atanh"), (.exp, "exp"), (.ln, "ln"), (.log, "log lg"), (.abs, "abs Abs"),
            (.floor, "floor"), (.ceiling, "ceil ceiling"), (.sign, "sgn sign"), (.gcd, "gcd"), (.lcm, "lcm"),
            (.min, "min Min"), (.max, "max Max"), (.determinant, "det"), (.arg, "arg"), (.trace, "tr"),
        ]
        return table.flatMap { names(.function, index($0.0), $0.1) }
    }()

    private static let letters: [Name] = letterNames.enumerated().map { ($0.element, .letter, UInt8($0.offset)) }

    static let commands: NameTable = {
        var table: [Name] = functionNames + letters
        table += names(.function, index(.re), "Re") + names(.function, index(.im), "Im")
        table += names(.constant, 0, "pi") + names(.constant, 1, "exponentialE") + names(.constant, 3, "infty infin")
        table += names(.constant, 2, "imaginaryI imaginaryJ")
        table += names(.namedSet, 0, "emptyset varnothing") + names(.namedSet, 1, "N") + names(.namedSet, 2, "Z")
        table += names(.namedSet, 3, "Q") + names(.namedSet, 4, "R") + names(.namedSet, 5, "C")
        table += names(.accent, 0, "bar overline") + names(.accent, 1, "hat widehat")
        table += names(.accent, 2, "vec overrightarrow") + names(.accent, 3, "tilde widetilde")
        table += names(.accent, 4, "dot") + names(.accent, 5, "ddot") + names(.accent, 6, "check")
        table += names(.accent, 7, "breve")
        table += names(.prefixName, 0, "angle measuredangle") + names(.prefixName, 1, "triangle")
        table += names(.dots, 0, "dots ldots cdots dotsc dotsb vdots ddots")
        table += names(.circle, 0, "circ") + names(.degree, 0, "degree") + names(.prime, 0, "prime")
        table += names(.times, 0, "times cdot ast star") + names(.divide, 0, "div") + names(.plusMinus, 0, "pm")
        table += names(.minusPlus, 0, "mp") + names(.modulo, 0, "mod bmod") + names(.moduloGroup, 0, "pmod")
        table += names(.union, 0, "cup bigcup sqcup") + names(.intersection, 0, "cap bigcap")
        table += names(.difference, 0, "setminus smallsetminus backslash")
        table += names(.symmetricDifference, 0, "bigtriangleup ominus")
        table += names(.element, 0, "in isin") + names(.notElement, 0, "notin") + names(.negation, 0, "not")
        table += names(.mid, 0, "mid middle") + names(.conjunction, 0, "land wedge")
        table += names(.conjunction, 1, "lor vee")
        table += names(.colon, 0, "colon")
        table += names(.openRound, 0, "lgroup") + names(.closeRound, 0, "rgroup")
        table += names(.openSquare, 0, "lbrack") + names(.closeSquare, 0, "rbrack")
        table += names(.openSet, 0, "lbrace") + names(.closeSet, 0, "rbrace")
        table += names(.bar, 0, "vert") + names(.openBar, 0, "lvert") + names(.closeBar, 0, "rvert")
        table += names(.doubleBar, 0, "Vert lVert rVert")
        table += names(.openFloor, 0, "lfloor llcorner") + names(.closeFloor, 0, "rfloor lrcorner")
        table += names(.openCeiling, 0, "lceil ulcorner") + names(.closeCeiling, 0, "rceil urcorner")
        table += names(.openAngle, 0, "langle") + names(.closeAngle, 0, "rangle")
        table += names(.fraction, 0, "frac dfrac tfrac cfrac") + names(.binomial, 0, "binom dbinom tbinom")
        table += names(.choose, 0, "choose") + names(.over, 0, "over") + names(.root, 0, "sqrt")
        table += names(.transparent, 0, "boxed fbox underline displaylines")
        table += names(.bigOperator, 0, "sum") + names(.bigOperator, 1, "prod") + names(.bigOperator, 2, "int")
        table += names(.limit, 0, "lim") + names(.partial, 0, "partial")
        let relationNames: [(MathRelation, String)] = [
            (.equal, "eq coloneqq"), (.notEqual, "ne neq"), (.less, "lt"), (.lessOrEqual, "le leq leqslant leqq"),
            (.greater, "gt"), (.greaterOrEqual, "ge geq geqslant geqq"), (.approximately, "approx thickapprox doteq"),
            (.congruent, "equiv cong"), (.similar, "sim simeq propto"), (.subset, "subset subseteq"),
            (.superset, "supset supseteq"),
            (.implies, "implies Rightarrow Longrightarrow iff Leftrightarrow Longleftrightarrow"),
            (.tends, "to rightarrow longrightarrow mapsto"),
        ]
        for (relation, list) in relationNames { table += names(.relation, index(relation), list) }
        return NameTable(table)
    }()

    /// Bare words that stand for mathematics.
    static let words: NameTable = {
        let short = ["mu", "nu", "xi", "ell", "wp"]
        let hidden = ["tg", "sh", "ch", "th", "tr", "lg", "sec"]
        var table: [Name] = functionNames.filter { !hidden.contains($0.0) }
        table += letters.filter { !short.contains($0.0) }
        table += names(.constant, 0, "pi Pi") + names(.constant, 3, "infinity inf infty oo")
        table += names(.root, 0, "sqrt") + names(.cubeRoot, 0, "cbrt") + names(.modulo, 0, "mod")
        table += names(.conjunction, 0, "and") + names(.conjunction, 1, "or")
        table += names(.percent, 0, "percent percentage pct")
        table += names(.degree, 0, "degrees degree deg")
        return NameTable(table)
    }()

    /// Bare words of two or three letters that are words of the language and no products.
    static let shortWords = NameTable(
        names(.text, 0, "yes no Yes No YES odd Odd one two six ten red day Sun Mon Tue Wed Thu Fri Sat DNE all any"))

    /// Units of two or three letters that follow a number without a command around them.
    static let shortUnits = NameTable(
        names(.text, 0, "cm mm km kg mg mL ml cL dL kL hr hrs sec min ft yd mi lb lbs oz mph kmh rad"))

    /// Months whose names are no products of letters.
    static let months = NameTable(
        names(
            .text, 0, "January February March April June July August September October November December"))

    static let sympyNames: NameTable = {
        var table: [Name] = functionNames.filter { !["tg", "sh", "ch", "th", "tr", "lg", "ctg"].contains($0.0) }
        table += letters
        table += names(.function, index(.mod), "Mod") + names(.function, index(.factorial), "factorial")
        table += names(.function, index(.doubleFactorial), "factorial2")
        table += names(.function, index(.binomial), "binomial") + names(.function, index(.re), "re")
        table += names(.function, index(.im), "im") + names(.function, index(.conjugate), "conjugate")
        table += names(.function, index(.determinant), "Determinant")
        table += names(.root, 0, "sqrt") + names(.cubeRoot, 0, "cbrt")
        table += names(.constant, 0, "pi") + names(.constant, 1, "E") + names(.constant, 2, "I")
        table += names(.constant, 3, "oo") + names(.constant, 4, "zoo")
        table += names(.namedSet, 0, "EmptySet") + names(.namedSet, 1, "Naturals") + names(.namedSet, 2, "Integers")
        table += names(.namedSet, 3, "Rationals") + names(.namedSet, 4, "Reals") + names(.namedSet, 5, "Complexes")
        let constructors: [(SympyConstructor, String)] = [
            (.equal, "Eq"), (.notEqual, "Ne"), (.less, "Lt"), (.lessOrEqual, "Le"), (.greater, "Gt"),
            (.greaterOrEqual, "Ge"), (.interval, "Interval"), (.openInterval, "Interval.open"),
            (.leftOpenInterval, "Interval.Lopen"), (.rightOpenInterval, "Interval.Ropen"), (.finiteSet, "FiniteSet"),
            (.union, "Union"), (.intersection, "Intersection"), (.complement, "Complement"),
            (.symmetricDifference, "SymmetricDifference"), (.contains, "Contains"), (.integral, "Integral"),
            (.sum, "Sum"), (.product, "Product"), (.limit, "Limit"), (.derivative, "Derivative"),
            (.matrix, "Matrix MutableDenseMatrix ImmutableDenseMatrix ImmutableMatrix"), (.tuple, "Tuple"),
            (.junction, "And Or"), (.transparent, "UnevaluatedExpr"),
        ]
        for (constructor, list) in constructors { table += names(.constructor, constructor.rawValue, list) }
        return NameTable(table)
    }()

    /// Names of operators that only stand in an upright typeface: `\mathrm{Re}`.
    static let operators = NameTable(
        names(.function, index(.re), "Re") + names(.function, index(.im), "Im") + names(.function, index(.arg), "Arg")
            + names(.function, index(.trace), "tr Tr") + names(.function, index(.mod), "Mod")
            + names(.function, index(.sign), "sign"))

    /// What `\begin` opens.
    static let environments: NameTable = {
        var table = names(
            .beginEnvironment, MathEnvironment.matrix.rawValue,
            "matrix pmatrix bmatrix Bmatrix smallmatrix psmallmatrix bsmallmatrix array")
        table += names(.beginEnvironment, MathEnvironment.determinant.rawValue, "vmatrix")
        table += names(.beginEnvironment, MathEnvironment.cases.rawValue, "cases dcases rcases")
        table += names(
            .beginEnvironment, MathEnvironment.lines.rawValue,
            "aligned align align* alignat gathered gather gather* split equation equation* eqnarray eqnarray*")
        return NameTable(table)
    }()

    /// Commands that change how others look, and nothing else. `detail` 1 takes an argument along.
    static let ignored: NameTable = NameTable(
        names(
            .end, 0,
            "displaystyle textstyle scriptstyle scriptscriptstyle limits nolimits nonumber notag hline big "
                + "Big bigg Bigg bigl Bigl biggl Biggl bigr Bigr biggr Biggr quad qquad enspace thinspace medspace "
                + "thickspace negthinspace nobreakspace rm bf it cal large Large small normalsize left.")
            + names(.end, 1, "hspace vspace phantom hphantom vphantom label tag color textcolor"))

    /// Commands around words.
    static let textCommands = NameTable(
        names(.text, 0, "text textbf textit textrm textsf texttt textnormal textup mbox hbox emph textsc"))

    /// Commands that choose a typeface. `detail` 1: letters stand upright, so two of them make a word.
    static let typefaces = NameTable(
        names(.text, 1, "mathrm operatorname mathop")
            + names(
                .text, 0,
                "mathit mathbf mathsf mathtt mathcal "
                    + "mathfrak mathscr boldsymbol bm pmb mathnormal"))
}
