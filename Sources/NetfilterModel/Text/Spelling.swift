// Finds the word that was probably meant.

/// Compares a wrong word with the right ones.
public enum Spelling {
  /// The candidate that is at most two edits away (one for words of up to four letters) or starts with `word`, or nil when there is none; of several
  /// that are as near the one whose length is nearest, and then the first in the order of their letters.
  public static func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
    let target = Array(word.utf8.prefix(longest))
    let limit = target.count <= 4 ? 1 : 2
    var best: (distance: Int, difference: Int, name: String)?
    for candidate in candidates where candidate != word {
      let isAbbreviation = target.count > 1 && candidate.hasPrefix(word)
      let difference = abs(candidate.utf8.count - target.count)
      guard isAbbreviation || difference <= limit else { continue }
      let distance = isAbbreviation ? 1 : distance(target, Array(candidate.utf8.prefix(longest)))
      guard distance <= limit else { continue }
      if let best, best <= (distance, difference, candidate) { continue }
      best = (distance, difference, candidate)
    }
    return best?.name
  }

  /// How many bytes of a word are compared.
  private static let longest = 64

  /// The number of insertions, deletions, changes and swaps of neighbours, case differences counted as none.
  private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    let fold = { (byte: UInt8) in byte >= 0x41 && byte <= 0x5a ? byte + 32 : byte }
    var row = Array(0...right.count)
    var before: [Int] = []
    for (i, a) in left.enumerated() {
      var next = [i + 1]
      for (j, b) in right.enumerated() {
        var cost = min(row[j + 1] + 1, next[j] + 1, row[j] + (fold(a) == fold(b) ? 0 : 1))
        if i > 0, j > 0, fold(a) == fold(right[j - 1]), fold(left[i - 1]) == fold(b) {
          cost = min(cost, before[j - 1] + 1)
        }
        next.append(cost)
      }
      before = row
      row = next
    }
    return row[right.count]
  }
}
