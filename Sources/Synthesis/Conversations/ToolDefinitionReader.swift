import Primitives
import Tokenizers

/// Reads what the assistant of a data set's conversation could call.
enum ToolDefinitionReader {
    /// The member `tools`: a list of definitions, or that list as JSON in a string, as tables store it. A definition is
    /// `{"type": "function", "function": {…}}` or the function alone; of it name, description and parameters are told.
    static func tools(_ json: JSONValue) throws(JSONError) -> [ToolDescription] {
        guard let member = json["tools"], !member.isNull, member.stringValue?.isEmpty != true else { return [] }
        var list = member
        if let text = member.stringValue {
            do throws(JSONError) { list = try JSONValue.parse(text) } catch {
                throw .unexpected(
                    path: "tools", expected: "a list of tools as JSON", found: "a text that is not: \(error)")
            }
        }
        guard let elements = list.arrayValue else {
            throw .unexpected(path: "tools", expected: "a list of tools", found: list.kind)
        }
        var tools: [ToolDescription] = []
        for (index, element) in elements.enumerated() {
            do throws(JSONError) { tools.append(try tool(element)) } catch { throw error.within("tools[\(index)]") }
        }
        return tools
    }

    private static func tool(_ json: JSONValue) throws(JSONError) -> ToolDescription {
        guard json["function"] == nil else {
            let function = JSONValue.object(try json.object(at: "function"))
            do throws(JSONError) { return try self.function(function) } catch { throw error.within("function") }
        }
        return try function(json)
    }

    private static func function(_ json: JSONValue) throws(JSONError) -> ToolDescription {
        func isGiven(_ key: String) -> Bool { json[key].map { !$0.isNull } ?? false }
        return ToolDescription(
            name: try json.string(at: "name"),
            description: isGiven("description") ? try json.string(at: "description") : "",
            parameters: isGiven("parameters")
                ? .object(try json.object(at: "parameters")) : ["type": "object", "properties": [:]])
    }
}
