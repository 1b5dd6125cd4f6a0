// Dates of the Gregorian calendar as seconds since 1970, without time zones.

/// A time of day on a date, in UTC.
public struct CivilTime: Hashable, Sendable {
  /// The year.
  public var year: Int64
  /// The month, 1...12.
  public var month: Int64
  /// The day of the month, 1...31.
  public var day: Int64
  /// The second of the day, 0...86399.
  public var second: Int64

  /// The seconds of a day.
  public static let secondsPerDay: Int64 = 86400

  /// The time that lies a number of seconds after 1970-01-01 (gmtime(3)); any number of 53 bits.
  public init(seconds: Int64) {
    let days = seconds >= 0 ? seconds / Self.secondsPerDay : (seconds + 1) / Self.secondsPerDay - 1
    second = seconds - days * Self.secondsPerDay
    // Days are counted from 0000-03-01, so that a leap day is the last of its year.
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let place = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * place + 2) / 5 + 1
    month = place < 10 ? place + 3 : place - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }

  /// The seconds from 1970-01-01 to a date and time, where a month or day beyond its range counts on into the next or
  /// before, as mktime(3) counts in UTC. The month is -1200...1200, the others of 32 bits.
  public static func seconds(year: Int64, month: Int64, day: Int64, second: Int64) -> Int64 {
    let months = month - 1
    let years = months >= 0 ? months / 12 : (months + 1) / 12 - 1
    let inYear = months - years * 12
    let shiftedYear = year + years - (inYear < 2 ? 1 : 0)
    let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
    let yearOfEra = shiftedYear - era * 400
    let place = inYear < 2 ? inYear + 10 : inYear - 2
    let dayOfYear = (153 * place + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return (era * 146_097 + dayOfEra - 719_468) * secondsPerDay + second
  }

  /// The day of the week, 1 for Monday to 7 for Sunday.
  public static func weekday(seconds: Int64) -> Int {
    let days = seconds >= 0 ? seconds / secondsPerDay : (seconds + 1) / secondsPerDay - 1
    // 1970-01-01 was a Thursday.
    let place = (days + 3) % 7
    return Int(place >= 0 ? place : place + 7) + 1
  }

  /// `08:05:09`.
  public static func clock(_ second: Int64) -> String {
    "\(padded(second / 3600)):\(padded(second / 60 % 60)):\(padded(second % 60))"
  }

  static func padded(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }

  /// `2026-03-01` and the time of day behind a separator.
  public func text(separator: String) -> String {
    let year = String(repeating: "0", count: max(0, 4 - "\(year)".utf8.count)) + "\(year)"
    return "\(year)-\(Self.padded(month))-\(Self.padded(day))\(separator)\(Self.clock(second))"
  }
}
