// Reads a date and a time of day.

extension CivilTime {
  /// The last second that `-m time` can be asked about: 2039-12-31T23:59:59 (kernel: `DSE_FIRST` of `xt_time`).
  public static let lastKnown: Int64 = 2_208_988_799

  /// The seconds since 1970 at `YYYY-MM-DD[Thh:mm[:ss]]` in UTC, from 1970 to 2039; nil for text that is no such time.
  public static func read(_ text: String) -> Int64? {
    let halves = text.split(separator: "T", maxSplits: 1, omittingEmptySubsequences: false)
    guard let date = halves.first.flatMap({ numbers($0, separator: "-", digits: [4, 2, 2]) }) else { return nil }
    var clock: [Int64] = [0, 0, 0]
    if halves.count > 1 {
      let parts = halves[1].utf8.count > 5 ? 3 : 2
      guard let read = numbers(halves[1], separator: ":", digits: Array(repeating: 2, count: parts)) else { return nil }
      clock.replaceSubrange(..<read.count, with: read)
    }
    guard (1970...2039).contains(date[0]), clock[0] < 24, clock[1] < 60, clock[2] < 60 else { return nil }
    let second = clock[0] * 3600 + clock[1] * 60 + clock[2]
    let seconds = seconds(year: date[0], month: date[1], day: date[2], second: second)
    // A day that the month does not have counts on into the next.
    let civil = CivilTime(seconds: seconds)
    return civil.month == date[1] && civil.day == date[2] ? seconds : nil
  }

  private static func numbers(_ text: Substring, separator: Character, digits: [Int]) -> [Int64]? {
    let parts = text.split(separator: separator, omittingEmptySubsequences: false)
    guard parts.count == digits.count else { return nil }
    var numbers: [Int64] = []
    for (part, count) in zip(parts, digits) {
      guard part.utf8.count == count, part.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }), let number = Int64(part) else {
        return nil
      }
      numbers.append(number)
    }
    return numbers
  }
}
