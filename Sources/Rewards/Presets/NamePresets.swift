extension GradingPreset {
    /// Presets of names, texts and question answering.
    static let namePresets: [GradingPreset] = [
        GradingPreset(
            "qa_em_answer_tag", .text, ["answer_in": "tag:answer", "punctuation": "ignore"],
            "exact match of the answer tag's content, as Search-R1 and SkyRL grade"),
        GradingPreset(
            "metric_exact_match", .text,
            ["answer_in": "whole", "case_sensitive": true, "keep_articles": true, "punctuation": "keep"],
            "the whole text is the gold, case and punctuation included"),
        GradingPreset(
            "rg_family_relationships", .text, ["answer_in": "whole"], "the whole text names the relationship"),
        GradingPreset(
            "qa_em_puzzle", "1 where what follows the thinking is a gold, punctuation and articles aside",
            check: QuestionAnswerMetrics.exactMatch),
        GradingPreset(
            "qa_f1", "the overlap of words with the nearest gold, after the thinking",
            check: QuestionAnswerMetrics.overlap),
        GradingPreset(
            "metric_f1_score", "the overlap of words as written with the nearest gold",
            check: QuestionAnswerMetrics.literalOverlap),
        GradingPreset(
            "metric_expr_gold_metric", "1 where the text is the gold, or states the gold's number as its answer",
            check: QuestionAnswerMetrics.expressionMatch),
        GradingPreset(
            "drop_spans", "DROP's score of a list of spans: numbers equal as numbers, one-to-one alignment",
            check: SpanAnswers.score),
    ]
}
