// Members of a scenario's objects, by any name.

#if !hasFeature(Embedded)

  import NetfilterModel

  /// A member of a JSON object.
  struct ScenarioMember: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }

    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  extension Decoder {
    /// Refuses an object that has other members than those that are known: a member without effect is most likely misspelt.
    func refuseOthers(than known: [String]) throws {
      for key in try container(keyedBy: ScenarioMember.self).allKeys where !known.contains(key.stringValue) {
        let help =
          Spelling.nearest(to: key.stringValue, among: known).map { "did you mean `\($0)`?" }
          ?? "the members are " + known.joined(separator: " ")
        throw DecodingError.dataCorrupted(
          DecodingError.Context(
            codingPath: codingPath, debugDescription: "there is no member `\(key.stringValue)`; \(help)"))
      }
    }
  }
#endif
