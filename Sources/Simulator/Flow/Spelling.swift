// Finds the word that was probably meant.

/// Compares a wrong word with the right ones.
public enum Spelling {
  /// The candidate that needs the fewest changes to become `word`, or nil when none is near (at most a third of its length).
  public static func nearest(to word: String, in candidates: some Sequence<String>) -> String? {
    let limit = max(1, min(64, word.utf8.count) / 3)
    var best: (distance: Int, candidate: String)?
    for candidate in candidates {
      let distance =
        candidate.hasPrefix(word) && word.count > 1 ? 1 : distance(Array(word.utf8.prefix(64)), Array(candidate.utf8))
      if distance <= limit, distance < best?.distance ?? .max { best = (distance, candidate) }
    }
    return best?.candidate
  }

  /// The number of insertions, deletions, changes and swaps of neighbours.
  private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var rows = [Array(0...right.count)]
    for (index, byte) in left.enumerated() {
      var row = [index + 1]
      for (column, other) in right.enumerated() {
        var best = min(rows[index][column + 1] + 1, row[column] + 1, rows[index][column] + (byte == other ? 0 : 1))
        if index > 0, column > 0, byte == right[column - 1], left[index - 1] == other {
          best = min(best, rows[index - 1][column - 1] + 1)
        }
        row.append(best)
      }
      rows.append(row)
    }
    return rows[left.count][right.count]
  }
}
