// -m time: the time of day, the day and the date.

/// Matches the wall clock (kernel: `time_mt`; man page: iptables-extensions, time).
public struct TimeMatch: MatchExtension {
  /// The first second of the day, 0...86399.
  public var timeStart: Int64 = 0
  /// The last second of the day; one before the first lies on the next day.
  public var timeStop = Self.lastSecond
  /// The days of the month, bit 1 for the first.
  public var monthDays = Self.allMonthDays
  /// The days of the week, bit 1 for Monday.
  public var weekDays = Self.allWeekDays
  /// The first second, since 1970.
  public var dateStart: Int64 = 0
  /// The last second, since 1970.
  public var dateStop = Self.lastDate
  /// `--kerneltz`: the kernel's time zone instead of UTC.
  public var usesKernelZone = false
  /// `--contiguous`: the time after midnight belongs to the day before.
  public var isContiguous = false
  /// Makes the match before any option was read.
  public init() {}

  static let lastSecond: Int64 = 86399
  static let allMonthDays: UInt32 = 0xffff_fffe
  static let allWeekDays: UInt8 = 0xfe
  /// The date that stands for no end (iptables: `INT_MAX`).
  static let lastDate: Int64 = 0x7fff_ffff

  /// The facts.
  public static let spec = ExtensionSpec(
    "time", summary: "the time of day, the day and the date",
    outside: "the wall clock, which `at` and `--at` give, and the kernel's time zone")

  /// The option table; both times are printed when one differs from the whole day, the end of dates always.
  public static let options: [OptionSpec<TimeMatch>] = [
    time("timestart", save: { owner in owner.timeStart }) { $0.timeStart = $1 },
    time("timestop", save: { owner in owner.timeStop }) { $0.timeStop = $1 },
    OptionSpec(
      "monthdays", canInvert: true, placeholder: "day[,day...]",
      parse: { (owner, argument) throws(OptionError) in
        owner.monthDays = try monthDays(argument.text) ^ (argument.inverted ? allMonthDays : 0)
      },
      save: { owner, writer in
        if owner.monthDays != allMonthDays { writer.option("monthdays", owner.monthDayNames { "\($0)" }) }
      }),
    OptionSpec(
      "weekdays", canInvert: true, placeholder: "day[,day...]",
      parse: { (owner, argument) throws(OptionError) in
        owner.weekDays = try weekDays(argument.text) ^ (argument.inverted ? allWeekDays : 0)
      },
      save: { owner, writer in if owner.weekDays != allWeekDays { writer.option("weekdays", owner.weekDayNames) } }),
    date("datestart", save: { owner in owner.dateStart }) { $0.dateStart = $1 },
    date("datestop", save: { owner in owner.dateStop }) { $0.dateStop = $1 },
    zone("localtz", isPrinted: false), zone("kerneltz", isPrinted: true),
    OptionSpec(
      "utc", arity: .none, excludes: ["localtz", "kerneltz"], parse: { (_, _) throws(OptionError) in },
      save: { _, _ in }),
    .flag("contiguous", .init({ $0.isContiguous }, { $0.isContiguous = $1 })),
  ]

  private static func time(
    _ name: String, save: @escaping @Sendable (TimeMatch) -> Int64,
    store: @escaping @Sendable (inout TimeMatch, Int64) -> Void
  ) -> OptionSpec<TimeMatch> {
    OptionSpec(
      name, placeholder: "hh:mm[:ss]",
      parse: { (owner, argument) throws(OptionError) in store(&owner, try clock(argument.text)) },
      save: { owner, writer in
        if owner.timeStart != 0 || owner.timeStop != lastSecond { writer.option(name, CivilTime.clock(save(owner))) }
      })
  }

  private static func date(
    _ name: String, save: @escaping @Sendable (TimeMatch) -> Int64,
    store: @escaping @Sendable (inout TimeMatch, Int64) -> Void
  ) -> OptionSpec<TimeMatch> {
    OptionSpec(
      name, placeholder: "YYYY[-MM[-DD[Thh[:mm[:ss]]]]]",
      parse: { (owner, argument) throws(OptionError) in store(&owner, try date(argument.text)) },
      save: { owner, writer in
        if save(owner) != 0 { writer.option(name, CivilTime(seconds: save(owner)).text(separator: "T")) }
      })
  }

  private static func zone(_ name: String, isPrinted: Bool) -> OptionSpec<TimeMatch> {
    OptionSpec(
      name, arity: .none, excludes: ["utc"],
      parse: { (owner, _) throws(OptionError) in owner.usesKernelZone = true },
      save: { owner, writer in if isPrinted, owner.usesKernelZone { writer.option(name) } })
  }

  // MARK: Reading

  /// The decimal number that text starts with, cut to 32 bits, and what stands behind it; 0 where there is none
  /// (strtoul(3) with base 10).
  private static func number(_ text: Substring) -> (value: Int64, rest: Substring) {
    guard let (value, end) = NumberReader.scanf(text) else { return (0, text) }
    return (Int64(UInt32(truncatingIfNeeded: value)), text[end...])
  }

  /// `hh:mm[:ss]` (iptables: `time_parse_minutes`).
  static func clock(_ text: String) throws(OptionError) -> Int64 {
    let wrong = OptionError("`\(text)` is not a time of day", help: "write it as `hh:mm` or `hh:mm:ss`")
    let (hour, minutes) = number(text[...])
    guard minutes.first == ":", hour <= 23 else { throw wrong }
    let (minute, seconds) = number(minutes.dropFirst())
    guard minute <= 59 else { throw wrong }
    if seconds.isEmpty { return hour * 3600 + minute * 60 }
    let (second, rest) = number(seconds.dropFirst())
    guard seconds.first == ":", rest.isEmpty, second <= 59 else { throw wrong }
    return hour * 3600 + minute * 60 + second
  }

  /// `YYYY[-MM[-DD[Thh[:mm[:ss]]]]]`; a month or day 0 is the one before the first (iptables: `time_parse_date`).
  static func date(_ text: String) throws(OptionError) -> Int64 {
    let parts: [(before: Character, range: ClosedRange<Int64>)] = [
      ("-", 1970...2038), ("-", 0...12), ("-", 0...31), ("T", 0...23), (":", 0...59), (":", 0...59),
    ]
    var values: [Int64] = [1970, 1, 1, 0, 0, 0]
    var rest = text[...]
    for (place, part) in parts.enumerated() {
      if place > 0 {
        if rest.isEmpty { break }
        guard rest.first == part.before else { throw wrongDate(text) }
        rest = rest.dropFirst()
      }
      let (value, behind) = number(rest)
      guard part.range.contains(value) else { throw wrongDate(text) }
      values[place] = value
      rest = behind
    }
    guard rest.isEmpty else { throw wrongDate(text) }
    let seconds = CivilTime.seconds(
      year: values[0], month: values[1], day: values[2], second: values[3] * 3600 + values[4] * 60 + values[5])
    guard seconds >= 0 else { throw OptionError("`\(text)` lies before 1970-01-01") }
    return seconds
  }

  private static func wrongDate(_ text: String) -> OptionError {
    OptionError(
      "`\(text)` is not a date from 1970 to 2038", help: "write it as `YYYY[-MM[-DD[Thh[:mm[:ss]]]]]`")
  }

  /// The parts of a list, each cut to a number of bytes; nothing behind the last comma is no part (iptables: `my_strseg`).
  private static func parts(_ text: String, longest: Int) -> [String] {
    var parts = text.split(separator: ",", omittingEmptySubsequences: false)
    if parts.last?.isEmpty == true { parts.removeLast() }
    return parts.map { String(decoding: $0.utf8.prefix(longest), as: UTF8.self) }
  }

  /// Numbers from 0 to 31 (iptables: `time_parse_monthdays`, which looks at two bytes of each).
  static func monthDays(_ text: String) throws(OptionError) -> UInt32 {
    var days: UInt32 = 0
    for part in parts(text, longest: 2) {
      guard let day = part.isEmpty ? 0 : NumberReader.wrappingStrtoul(part), day <= 31 else {
        throw OptionError("`\(part)` is not a day of a month from 1 to 31")
      }
      days |= 1 << UInt32(day)
    }
    return days
  }

  /// Names by their first two letters, or numbers (iptables: `time_parse_weekdays`, which looks at three bytes of each).
  static func weekDays(_ text: String) throws(OptionError) -> UInt8 {
    var days: UInt32 = 0
    for part in parts(text, longest: 3) {
      if let number = part.isEmpty ? 0 : NumberReader.wrappingStrtoul(part) {
        guard UInt32(truncatingIfNeeded: number) != 0 else {
          throw OptionError("day 0 is no day of the week: 1 is Monday, 7 is Sunday")
        }
        // A shift by more than 31 bits goes round, as processors do it.
        days |= 1 << (UInt32(truncatingIfNeeded: number) & 31)
        continue
      }
      guard let place = dayNames.firstIndex(where: { $0.utf8.prefix(2).elementsEqual(part.utf8.prefix(2)) }) else {
        throw OptionError("`\(part)` is not a day of the week", help: "the days are \(dayNames.joined(separator: ","))")
      }
      days |= 1 << UInt32(place + 1)
    }
    return UInt8(truncatingIfNeeded: days)
  }

  private static let dayNames = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]

  private func monthDayNames(_ name: (Int) -> String) -> String {
    (1...31).filter { monthDays >> UInt32($0) & 1 == 1 }.map(name).joined(separator: ",")
  }

  private var weekDayNames: String {
    (1...7).filter { weekDays >> UInt8($0) & 1 == 1 }.map { Self.dayNames[$0 - 1] }.joined(separator: ",")
  }

  // MARK: Meaning

  /// Refuses `--contiguous` where the time does not reach over midnight.
  public mutating func finish(_ rule: RuleSurroundings) throws(OptionError) {
    if isContiguous, timeStart < timeStop {
      throw OptionError("--contiguous needs a --timestop before --timestart")
    }
  }

  /// Compares the wall clock (kernel: `time_mt`); unknown without one.
  public var conditions: [Condition] {
    let match = self
    let option =
      timeStart != 0 || timeStop != Self.lastSecond
      ? "timestart"
      : weekDays != Self.allWeekDays ? "weekdays" : monthDays != Self.allMonthDays ? "monthdays" : "datestop"
    return [
      .opaque(
        option,
        OpaqueTest(
          reads: [], keepsState: false, mayBeUnknown: true,
          saw: { _, _, memory in
            guard let now = memory.wallClock, now <= CivilTime.lastKnown else { return "the time is not known" }
            let day = Self.dayNames[CivilTime.weekday(seconds: Int64(now)) - 1]
            return "it is \(day) \(CivilTime(seconds: Int64(now)).text(separator: " ")) UTC"
          },
          evaluate: { _, _, memory in
            guard !match.usesKernelZone, let now = memory.wallClock, now <= CivilTime.lastKnown else { return .unknown }
            return ConditionResult(match.contains(Int64(now)))
          }))
    ]
  }

  /// Whether a second since 1970 lies in the match's times (kernel: `time_mt`).
  func contains(_ now: Int64) -> Bool {
    guard now >= dateStart, now <= dateStop else { return false }
    let time = now % CivilTime.secondsPerDay
    var day = now
    if timeStart < timeStop {
      guard time >= timeStart, time <= timeStop else { return false }
    } else {
      guard time >= timeStart || time <= timeStop else { return false }
      if isContiguous, time <= timeStop { day -= CivilTime.secondsPerDay }
    }
    guard weekDays >> UInt8(CivilTime.weekday(seconds: day)) & 1 == 1 else { return false }
    return monthDays >> UInt32(CivilTime(seconds: day).day) & 1 == 1
  }

  /// `TIME from 08:00:00 to 17:30:05 on Mon,Tue UTC`.
  public func listing(_ style: ListStyle) -> String {
    var words = ["TIME"]
    if timeStart != 0 || timeStop != Self.lastSecond {
      words += ["from", CivilTime.clock(timeStart), "to", CivilTime.clock(timeStop)]
    }
    if weekDays != Self.allWeekDays { words += ["on", weekDayNames] }
    if monthDays != Self.allMonthDays {
      // `11st`, as iptables 1.8.9 prints it.
      words += [
        "on", monthDayNames { "\($0)" + ($0 % 10 == 1 ? "st" : $0 % 10 == 2 ? "nd" : $0 % 10 == 3 ? "rd" : "th") },
      ]
    }
    if dateStart != 0 { words += ["starting from", CivilTime(seconds: dateStart).text(separator: " ")] }
    if dateStop != Self.lastDate {
      words.append("until date")
      if dateStop != 0 { words.append(CivilTime(seconds: dateStop).text(separator: " ")) }
    }
    if !usesKernelZone { words.append("UTC") }
    if isContiguous { words.append("contiguous") }
    return words.joined(separator: " ")
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .accepted("-A INPUT -m time", saves: "-A INPUT -m time --datestop 2038-01-19T03:14:07"),
    .accepted(
      "-A INPUT -m time --timestart 8: --weekdays Mo,Sunday,33,3",
      saves:
        "-A INPUT -m time --timestart 08:00:00 --timestop 23:59:59 --weekdays Mon,Wed,Sun --datestop 2038-01-19T03:14:07"
    ),
    .accepted(
      "-A INPUT -m time --timestart :5 --timestop 17:30:05 --datestart 2026-02-31 --datestop 2026-4-1T8:1",
      saves:
        "-A INPUT -m time --timestart 00:05:00 --timestop 17:30:05 --datestart 2026-03-03T00:00:00 --datestop 2026-04-01T08:01:00"
    ),
    .accepted(
      "-A INPUT -m time --datestart 2026- --monthdays 100,2,,31",
      saves: "-A INPUT -m time --monthdays 2,10,31 --datestart 2025-12-01T00:00:00 --datestop 2038-01-19T03:14:07"),
    .accepted(
      "-A INPUT -m time ! --monthdays 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30",
      saves: "-A INPUT -m time --monthdays 31 --datestop 2038-01-19T03:14:07"),
    .accepted(
      "-A INPUT -m time ! --weekdays 1 --localtz --kerneltz",
      saves:
        "-A INPUT -m time --weekdays Tue,Wed,Thu,Fri,Sat,Sun --datestop 2038-01-19T03:14:07 --kerneltz", family: .ipv6),
    .same(
      "-A INPUT -m time --timestart 23:00:00 --timestop 01:00:00 --datestop 2038-01-19T03:14:07 --contiguous"),
    .accepted("-A INPUT -m time --datestop 1970 --utc", saves: "-A INPUT -m time"),
    .refused("-A INPUT -m time --timestart 8"), .refused("-A INPUT -m time --timestart 24:00"),
    .refused("-A INPUT -m time --timestart 8:60"), .refused("-A INPUT -m time --timestart -1:5"),
    .refused("-A INPUT -m time --timestart 0x1:5"), .refused("-A INPUT -m time --timestart 8:00:60"),
    .refused("-A INPUT -m time --datestart 1970-01-00"), .refused("-A INPUT -m time --datestart 2039"),
    .refused("-A INPUT -m time --datestart 2026-13"), .refused("-A INPUT -m time --datestart \"\""),
    .refused("-A INPUT -m time --datestart 2026-01-01T1:2:3:4"), .refused("-A INPUT -m time --monthdays 32"),
    .refused("-A INPUT -m time --monthdays 08"), .refused("-A INPUT -m time --monthdays -1"),
    .refused("-A INPUT -m time --weekdays M"), .refused("-A INPUT -m time --weekdays mon"),
    .refused("-A INPUT -m time --weekdays 1,,3"), .refused("-A INPUT -m time --kerneltz --utc"),
    .refused("-A INPUT -m time --contiguous"),
    .refused("-A INPUT -m time --contiguous --timestart 1:00 --timestop 5:00"),
  ]
}
