import Primitives
import Testing

@Suite struct JSONValueAccessTests {
    @Test func objectsKeepTheOrderOfTheirKeys() {
        var object: JSONObject = ["z": 1, "a": 2]
        object["m"] = 3
        object["z"] = 4
        object["a"] = nil
        #expect(object.keys == ["z", "m"])
        #expect(object["z"] == 4)
        #expect(JSONObject(uniqueKeysWithValues: [("z", 4), ("m", 3)]) == object)
    }

    @Test func accessorsReadTheirOwnKindOnly() {
        #expect(JSONValue.integer(3).integerValue == 3)
        #expect(JSONValue.integer(3).doubleValue == 3)
        #expect(JSONValue.number(3).integerValue == nil)
        #expect(JSONValue.string("3").doubleValue == nil)
        #expect(JSONValue.null["a"] == nil)
        #expect(JSONValue.null.isNull)
    }

    @Test func requiredMembersNameWhatIsWrong() {
        let value: JSONValue = ["n": "x"]
        #expect(throws: JSONError.unexpected(path: "n", expected: "an integer", found: "a string")) {
            try value.integer(at: "n")
        }
        #expect(throws: JSONError.unexpected(path: "m", expected: "a string", found: "missing")) {
            try value.string(at: "m")
        }
        #expect(
            JSONError.unexpected(path: "n", expected: "an integer", found: "a string").within("rows[3]").description
                == "JSON member `rows[3].n` should be an integer, but is a string")
    }
}
