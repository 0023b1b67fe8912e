import Primitives

extension QuestionAudit {
    /// Audits what `synthesize` wrote: `questions.jsonl.zst`, and `certificates.jsonl.zst` with one certificate per question.
    /// - Throws: a file that cannot be read, or a certificate without the id of its question.
    public func summary(directory: String) throws(SynthesisError) -> QuestionAuditSummary {
        let certificatesPath = directory + "/" + QuestionSet.certificatesFile
        var certificates: [String: JSONValue] = [:]
        var order: [(id: String, line: Int)] = []
        var summary = QuestionAuditSummary()
        for (offset, row) in try DatasetFile.rows(certificatesPath).enumerated() {
            let line = offset + 1
            let (id, certificate) = try DatasetFile.read("\(certificatesPath), line \(line)") { () throws(JSONError) in
                (try row.string(at: "question_id"), JSONValue.object(try row.object(at: "certificate")))
            }
            if certificates.updateValue(certificate, forKey: id) == nil {
                order.append((id, line))
            } else {
                summary.addIdleCertificate("\(QuestionSet.certificatesFile), line \(line) (\(id))")
            }
        }
        let path = directory + "/" + QuestionSet.questionsFile
        var seen: Set<String> = []
        for (offset, row) in try DatasetFile.rows(path).enumerated() {
            let line = offset + 1
            let id = try DatasetFile.read("\(path), line \(line)") { () throws(JSONError) in try row.string(at: "id") }
            var findings = findings(of: row, certificate: certificates[id] ?? .null)
            if !seen.insert(id).inserted {
                findings.append(Finding(fault: .repeated, text: "another question has this id"))
            }
            summary.add(findings, name: "\(QuestionSet.questionsFile), line \(line) (\(id))")
        }
        for (id, line) in order where !seen.contains(id) {
            summary.addIdleCertificate("\(QuestionSet.certificatesFile), line \(line) (\(id))")
        }
        return summary
    }
}
