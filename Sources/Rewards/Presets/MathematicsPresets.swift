extension GradingPreset {
    /// Mathematics as public graders and data sets pose it.
    static let mathematicsPresets: [GradingPreset] = [
        GradingPreset(
            "math", .latex,
            [
                "answer_in": "math_prose", "thinking": "ignored", "unevaluated": "arithmetic", "percent": "bare",
                "decimals": 6, "brackets": "loose",
            ],
            "mathematics somewhere in prose, as Math-Verify reads it"),
        GradingPreset(
            "math_boxed", .latex,
            ["answer_in": "boxed", "percent": "bare", "decimals": 6, "brackets": "loose", "relation_as_set": true],
            "mathematics in the last box"),
        GradingPreset(
            "math_think_boxed", .latex,
            [
                "answer_in": "boxed", "thinking": "required", "percent": "bare", "decimals": 6, "brackets": "loose",
                "relation_as_set": true, "skip_unusable_golds": true,
            ], "mathematics in a box after the thinking has ended"),
        GradingPreset(
            "math_after_think", .latex,
            [
                "answer_in": "math_prose", "thinking": "required", "percent": "bare", "decimals": 6,
                "brackets": "loose",
                "relation_as_set": true,
            ],
            "mathematics after the thinking has ended"),
        GradingPreset(
            "math_gold_unparseable", .latex,
            ["answer_in": "math_prose", "percent": "bare", "decimals": 6, "brackets": "loose"],
            "mathematics whose gold may be no mathematics, which is an error of the gold"),
        GradingPreset(
            "math_normalise", .latex, ["answer_in": "whole", "percent": "bare", "brackets": "loose"],
            "one mathematical expression and nothing else"),
        GradingPreset(
            "latex_parse", .latex,
            ["answer_in": "whole", "unevaluated": "allow", "gold_syntax": "sympy", "decimals": 6, "brackets": "loose"],
            "LaTeX against an expression in SymPy's notation"),
        GradingPreset(
            "rg_fraction_simplification", .latex, ["answer_in": "whole", "form": "reduced_fraction"],
            "a fraction in lowest terms, in LaTeX or plain"),
        GradingPreset("rg_complex_arithmetic", .latex, ["answer_in": "whole", "syntax": "plain"], "a complex number"),
        GradingPreset(
            "rg_polynomial_multiplication", .latex, ["answer_in": "whole", "syntax": "plain"],
            "a polynomial, in any form"),
        GradingPreset(
            "rg_polynomial_equations", .latex, ["answer_in": "whole", "syntax": "plain", "brackets": "loose"],
            "the roots of a polynomial, separated by commas"),
        GradingPreset(
            "rg_simple_integration", .latex,
            ["answer_in": "whole", "syntax": "plain", "constant_of_integration": true],
            "an antiderivative, up to a constant"),
        GradingPreset(
            "rg_intermediate_integration", .latex,
            ["answer_in": "whole", "syntax": "plain", "constant_of_integration": true],
            "an antiderivative, up to a constant"),
        GradingPreset(
            "rg_advanced_geometry", .latex, ["answer_in": "whole", "syntax": "plain"],
            "a number or a point"),
    ]
}
