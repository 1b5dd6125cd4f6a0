// What is wrong with a line of a set file.

/// A complaint about a line, without its place in the file.
struct SetTextError: Error, Hashable, Sendable {
  var id: DiagnosticID
  var message: String
  var help: String?
  /// The offset of the place in the line in bytes; nil for the line's first word.
  var place: Int?
  var length = 1

  init(_ id: DiagnosticID, _ message: String, at word: SetWord? = nil, help: String? = nil) {
    self.id = id
    self.message = message
    self.help = help
    place = word?.start
    length = max(1, word?.text.utf8.count ?? 1)
  }
}

extension SetFault {
  /// The kind of problem.
  var id: DiagnosticID {
    switch self {
    case .exists, .newNameExists: .setExists
    case .missing, .secondMissing, .memberMissing, .referenceMissing: .unknownSet
    case .badMask, .badMarkMask, .badFamily, .rangeTooLarge, .noMemory, .tooManySets: .setRefused
    case .inUse: .setInUse
    case .typesDiffer: .setsDiffer
    case .noTimeout, .noCounters, .noComments, .noPacketInfo: .missingSetExtension
    case .entryExists: .entryExists
    case .entryMissing: .entryMissing
    case .full: .setFull
    case .byChance, .tooLarge: .setNotSimulated
    case .badPrefix, .outOfRange, .nullEntry, .badProtocol, .wholeRange, .invalid, .loop, .referenceNotListed:
      .entryRefused
    }
  }

  /// What to do; nil where nothing is to be said.
  var help: String? {
    switch self {
    case .noTimeout: "add `timeout 0` to its `create` line"
    case .noCounters: "add `counters` to its `create` line"
    case .noComments: "add `comment` to its `create` line"
    case .noPacketInfo: "add `skbinfo` to its `create` line"
    case .entryExists: "`-exist` before the command takes an entry that is there"
    case .entryMissing: "`-exist` before the command takes an entry that is not there"
    case .full: "give a larger `maxelem` in its `create` line"
    default: nil
    }
  }
}
