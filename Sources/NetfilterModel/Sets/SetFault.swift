// Why ipset or the kernel refuses something about a set.

/// A ground for refusal (kernel: `enum ipset_errno` and its extensions for bitmaps, hashes and lists).
public enum SetFault: String, Error, Hashable, Sendable {
  /// There is a set of the name, and it is another one.
  case exists = "a set with this name exists already"
  /// There is no set of the name.
  case missing = "there is no set with this name"
  /// There are as many sets as the kernel has numbers for.
  case tooManySets = "there are as many sets as the kernel takes"
  /// A netmask or bitmask that keeps nothing, or does not fit the range.
  case badMask = "the netmask is not possible for this set"
  /// A mark mask of zero.
  case badMarkMask = "a markmask of 0 keeps nothing"
  /// A family that the type does not have.
  case badFamily = "the type has no sets of this family"
  /// A rule, list or set uses it.
  case inUse = "the set is in use"
  /// The new name is that of a set.
  case newNameExists = "a set with the new name exists already"
  /// The other set of a swap is not there.
  case secondMissing = "the second set does not exist"
  /// Sets of two types cannot be swapped.
  case typesDiffer = "sets of two types or families cannot be swapped"
  /// A prefix length that cannot be.
  case badPrefix = "the prefix length is not possible here"
  /// A timeout in a set without.
  case noTimeout = "the set was created without `timeout`"
  /// Counters in a set without.
  case noCounters = "the set was created without `counters`"
  /// A comment in a set without.
  case noComments = "the set was created without `comment`"
  /// A mark, priority or queue in a set without.
  case noPacketInfo = "the set was created without `skbinfo`"
  /// The entry is there.
  case entryExists = "the entry is in the set already"
  /// The entry is not there.
  case entryMissing = "the entry is not in the set"
  /// The entry lies outside the range of a bitmap.
  case outOfRange = "the entry lies outside the range of the set"
  /// A bitmap would have more than 65536 entries.
  case rangeTooLarge = "a bitmap has at most 65536 entries"
  /// The hash is full.
  case full = "the set is full"
  /// Which entry a new one replaces in a full set with `forceadd` is up to chance.
  case byChance = "the set is full, and which entry `forceadd` replaces is up to chance"
  /// An entry of zeros.
  case nullEntry = "an entry of zeros cannot be in a hash"
  /// The protocol 0.
  case badProtocol = "the protocol is not possible here"
  /// All addresses as one range.
  case wholeRange = "the range is the whole address space"
  /// The kernel refuses a number.
  case invalid = "the kernel takes this for an invalid argument"
  /// The kernel has not the memory.
  case noMemory = "the kernel has not the memory for this"
  /// A list has no lists in it.
  case loop = "a set of sets cannot be in a set of sets"
  /// The set to be put into a list is not there.
  case memberMissing = "the set that the entry names does not exist"
  /// The set beside which an entry should stand is not there.
  case referenceMissing = "the set behind `before` or `after` does not exist"
  /// The set beside which an entry should stand is not in the list.
  case referenceNotListed = "the set behind `before` or `after` is not in this set next to the entry"
  /// More entries than are simulated.
  case tooLarge = "more entries than are simulated"
}
