// -m u32: 32-bit words of the packet, masked, shifted and compared.

/// One step of a u32 program.
public struct U32Step: Hashable, Sendable {
  /// What a step does.
  public enum Operation: UInt8, Hashable, Sendable {
    /// Starts a test with the word at an offset.
    case load
    /// `&`: keeps bits.
    case and
    /// `<<`: shifts to the left.
    case leftShift
    /// `>>`: shifts to the right.
    case rightShift
    /// `@`: moves the start of all further offsets by the value, and loads the word at an offset from there.
    case jump
    /// A range that the value may lie in.
    case range
  }

  /// What the step does.
  public var operation: Operation
  /// The operand, or the lower end of a range.
  public var number: UInt32
  /// The upper end of a range.
  public var upper: UInt32 = 0
}

/// Matches words of the packet (kernel: `u32_mt`; man page: iptables-extensions, u32).
public struct U32Match: MatchExtension {
  /// The most numbers of a location, values of a test, and tests (kernel: `XT_U32_MAXSIZE`).
  public static let maximumSize = 10

  /// The tests, one after another.
  public var program: Invertible<[U32Step]>?

  /// Makes the match before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec("u32", summary: "32-bit words of the packet")

  /// The option table.
  public static let options: [OptionSpec<U32Match>] = [
    OptionSpec(
      "u32", canInvert: true, isMandatory: true, placeholder: "tests",
      parse: { (owner, argument) throws(OptionError) in
        owner.program = Invertible(try parse(argument.text), inverted: argument.inverted)
      },
      save: { owner, writer in
        guard let program = owner.program else { return }
        writer.option("u32", text(program.value), inverted: program.inverted)
      })
  ]

  /// Parses tests: `location = value, value && location = value`, where a location is numbers with `&`, `<<`, `>>`
  /// and `@` between them, and a value is a number or `number:number` (iptables: `u32_parse`).
  static func parse(_ text: String) throws(OptionError) -> [U32Step] {
    let bytes = Array(text.utf8)
    var index = 0
    let at = { (position: Int) in position < bytes.count ? bytes[position] : 0 }
    let isBlank = { (byte: UInt8) in byte == 0x20 || (byte >= 9 && byte <= 13) }
    func complaint(_ message: String) -> OptionError { OptionError("at character \(index) of `\(text)`: \(message)") }
    func number() throws(OptionError) -> UInt32 {
      guard let (value, rest) = scanUnsigned(Substring(decoding: bytes[min(index, bytes.count)...], as: UTF8.self)),
        let number = UInt32(exactly: value)
      else { throw complaint("a number from 0 to 4294967295 is missing") }
      index = bytes.count - rest.utf8.count
      return number
    }
    func expect(_ byte: Character) throws(OptionError) {
      index += 1
      guard at(index) == byte.asciiValue else { throw complaint("a second `\(byte)` is missing") }
      index += 1
    }
    var steps: [U32Step] = []
    var tests = 1
    var numbers = 0
    var values = 0
    var inLocation = true
    while true {
      while isBlank(at(index)) { index += 1 }
      guard index < bytes.count else { break }
      switch (inLocation, at(index)) {
      case (true, UInt8(ascii: "=")):
        guard numbers > 0 else { throw complaint("the location is missing") }
        index += 1
        inLocation = false
      case (true, let byte):
        var operation = U32Step.Operation.load
        if numbers > 0 {
          switch byte {
          case UInt8(ascii: "&"):
            operation = .and
            index += 1
          case UInt8(ascii: "@"):
            operation = .jump
            index += 1
          case UInt8(ascii: "<"):
            operation = .leftShift
            try expect("<")
          case UInt8(ascii: ">"):
            operation = .rightShift
            try expect(">")
          default: throw complaint("an operator or `=` is missing")
          }
        }
        steps.append(U32Step(operation: operation, number: try number()))
        numbers += 1
        guard numbers <= maximumSize else { throw complaint("more than \(maximumSize) numbers in a location") }
      case (false, UInt8(ascii: "&")):
        try expect("&")
        guard values > 0 else { throw complaint("the value is missing") }
        tests += 1
        guard tests <= maximumSize else { throw complaint("more than \(maximumSize) tests") }
        (numbers, values, inLocation) = (0, 0, true)
      case (false, let byte):
        if values > 0 {
          guard byte == UInt8(ascii: ",") else { throw complaint("`,` or `&&` is missing") }
          index += 1
        }
        let lower = try number()
        while isBlank(at(index)) { index += 1 }
        var upper = lower
        if at(index) == UInt8(ascii: ":") {
          index += 1
          upper = try number()
        }
        steps.append(U32Step(operation: .range, number: lower, upper: upper))
        values += 1
        guard values <= maximumSize else { throw complaint("more than \(maximumSize) values in a test") }
      }
    }
    if inLocation { throw complaint("the text ends in a location") }
    if values == 0 { throw complaint("the text ends without a value") }
    return steps
  }

  /// The tests in quotes, every number in hexadecimal, without blanks.
  static func text(_ steps: [U32Step]) -> String {
    let hex = { (number: UInt32) in "0x" + String(number, radix: 16) }
    var result = "\""
    var previous: U32Step.Operation?
    for step in steps {
      switch step.operation {
      case .load: result += (previous == nil ? "" : "&&") + hex(step.number)
      case .and: result += "&" + hex(step.number)
      case .leftShift: result += "<<" + hex(step.number)
      case .rightShift: result += ">>" + hex(step.number)
      case .jump: result += "@" + hex(step.number)
      case .range:
        result += (previous == .range ? "," : "=") + hex(step.number)
        if step.upper != step.number { result += ":" + hex(step.upper) }
      }
      previous = step.operation
    }
    return result + "\""
  }

  /// Refuses shifts by more than 31 bits (kernel: `u32_mt_checkentry`).
  public func kernelRefusal(_ rule: RuleSurroundings) -> OptionError? {
    guard let program else { return nil }
    let tooFar = program.value.contains {
      ($0.operation == .leftShift || $0.operation == .rightShift) && $0.number > 31
    }
    return tooFar ? OptionError("the kernel refuses a shift by more than 31 bits") : nil
  }

  /// Runs the tests over the packet (kernel: `u32_mt`).
  public var conditions: [Condition] {
    guard let program else { return [] }
    return [
      .opaque(
        "u32",
        OpaqueTest(
          keepsState: false, saw: { _, _, _ in program.inverted ? "the packet fits" : "the packet does not fit" },
          evaluate: { packet, _, _ in
            ConditionResult(Self.run(program.value, packet.packet.bytes) != program.inverted)
          }))
    ]
  }

  static func run(_ steps: [U32Step], _ bytes: [UInt8]) -> Bool {
    guard bytes.count >= 4 else { return false }
    let length = UInt64(bytes.count)
    var value: UInt32 = 0
    var start: UInt64 = 0
    var fits = true
    for step in steps {
      switch step.operation {
      case .load:
        guard fits, UInt64(step.number) + 4 <= length else { return false }
        start = 0
        value = bytes.uint32(at: Int(step.number))
        fits = false
      case .and: value &= step.number
      case .leftShift: value <<= step.number
      case .rightShift: value >>= step.number
      case .jump:
        start += UInt64(value)
        guard start + UInt64(step.number) + 4 <= length else { return false }
        value = bytes.uint32(at: Int(start) + Int(step.number))
      case .range: fits = fits || (step.number <= value && value <= step.upper)
      }
    }
    return fits
  }

  /// `u32 ! "0x0>>0x16=0x1"`.
  public func listing(_ style: ListStyle) -> String {
    guard let program else { return "" }
    return "u32 \(program.inverted ? "! " : "")\(Self.text(program.value))"
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .same("-A INPUT -m u32 --u32 \"0x0=0x1\""),
    .accepted(
      "-A INPUT -m u32 --u32 \"6 & 0xFF = 17 && 4&0x3FFF=0 && 0>>22&0x3C@0>>24=0:10,20\"",
      saves: "-A INPUT -m u32 --u32 \"0x6&0xff=0x11&&0x4&0x3fff=0x0&&0x0>>0x16&0x3c@0x0>>0x18=0x0:0xa,0x14\""),
    .accepted("-A INPUT -m u32 ! --u32 \"0=1\"", saves: "-A INPUT -m u32 ! --u32 \"0x0=0x1\""),
    .accepted(
      "-A INPUT -m u32 --u32 \"0 = 010 , 0x20 : 0x30\"", saves: "-A INPUT -m u32 --u32 \"0x0=0x8,0x20:0x30\""),
    .accepted("-A INPUT -m u32 --u32 \"0<<31=+5\"", saves: "-A INPUT -m u32 --u32 \"0x0<<0x1f=0x5\""),
    .refused("-A INPUT -m u32 --u32 \"0<<32=0\""),
    .refused("-A INPUT -m u32 --u32 \"0\""),
    .refused("-A INPUT -m u32 --u32 \"0=\""),
    .refused("-A INPUT -m u32 --u32 \"=1\""),
    .refused("-A INPUT -m u32 --u32 \"0=1&&\""),
    .refused("-A INPUT -m u32 --u32 \"0=1&2\""),
    .refused("-A INPUT -m u32 --u32 \"0=-1\""),
    .refused("-A INPUT -m u32 --u32 \"0=4294967296\""),
    .refused("-A INPUT -m u32 --u32 \"0=0x\""),
    .refused("-A INPUT -m u32 --u32 \"0=08\""),
    .refused("-A INPUT -m u32 --u32 \"1&2&3&4&5&6&7&8&9&10&11=1\""),
    .refused("-A INPUT -m u32 --u32 \"1=1,2,3,4,5,6,7,8,9,10,11\""),
  ]
}
