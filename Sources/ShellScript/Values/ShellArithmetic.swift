// Arithmetic of `$(( ))`.

/// Evaluates expressions in signed 64-bit numbers, as the C language does (POSIX.1-2017 2.6.4).
struct ShellArithmetic {
  /// How deep parentheses may stand inside each other.
  private static let deepest = 100

  private let text: [UInt8]
  private var position = 0
  private var depth = 0
  /// Whether what is read only counts for its length: the other side of `&&`, `||` and `?:`.
  private var isPassedOver = 0
  /// What the names mean; nil for a value that is not known.
  private let read: (String) -> Int?
  /// What was assigned to names, in order.
  private(set) var assignments: [(name: String, value: Int)] = []

  private init(_ text: String, read: @escaping (String) -> Int?) {
    self.text = Array(text.utf8)
    self.read = read
  }

  /// The value of an expression and what it assigns; nil for one that cannot be read or that has an unknown name in it.
  static func value(
    of text: String, read: @escaping (String) -> Int?
  ) -> (value: Int, assignments: [(name: String, value: Int)])? {
    var arithmetic = ShellArithmetic(text, read: read)
    arithmetic.blanks()
    if arithmetic.position == arithmetic.text.count { return (0, []) }
    guard let value = arithmetic.comma(), arithmetic.position == arithmetic.text.count else { return nil }
    return (value, arithmetic.assignments)
  }

  private mutating func blanks() {
    while position < text.count, text[position] == 0x20 || text[position] == 0x09 || text[position] == 0x0a {
      position += 1
    }
  }

  private mutating func take(_ word: StaticString) -> Bool {
    let count = word.utf8CodeUnitCount
    guard position + count <= text.count else { return false }
    for offset in 0..<count where text[position + offset] != word.utf8Start[offset] { return false }
    position += count
    blanks()
    return true
  }

  private func next(_ offset: Int = 0) -> UInt8 { position + offset < text.count ? text[position + offset] : 0 }

  private mutating func comma() -> Int? {
    depth += 1
    defer { depth -= 1 }
    guard depth < ShellArithmetic.deepest, var value = assignment() else { return nil }
    while take(",") {
      guard let other = assignment() else { return nil }
      value = other
    }
    return value
  }

  private mutating func name() -> String? {
    guard ShellParser.isNameByte(next()), next() < 0x30 || next() > 0x39 else { return nil }
    let start = position
    while ShellParser.isNameByte(next()) { position += 1 }
    let name = String(decoding: text[start..<position], as: UTF8.self)
    blanks()
    return name
  }

  private func known(_ name: String) -> Int? {
    if isPassedOver > 0 { return 0 }
    return assignments.last { $0.name == name }?.value ?? read(name)
  }

  private mutating func assign(_ name: String, _ value: Int) {
    if isPassedOver == 0 { assignments.append((name, value)) }
  }

  private mutating func assignment() -> Int? {
    let start = position
    if let name = name() {
      var operation: UInt8?
      var length = 2
      if next() == 0x3d, next(1) != 0x3d {
        operation = 0x3d
        length = 1
      } else if next() == next(1), next() == 0x3c || next() == 0x3e, next(2) == 0x3d {
        operation = next()
        length = 3
      } else if next(1) == 0x3d,
        [0x2b, 0x2d, 0x2a, 0x2f, 0x25, 0x26, 0x7c, 0x5e].contains(next())
      {
        operation = next()
      }
      if let operation {
        position += length
        blanks()
        guard let value = assignment() else { return nil }
        guard operation != 0x3d else {
          assign(name, value)
          return value
        }
        guard let before = known(name), let result = combine(operation, before, value) else { return nil }
        assign(name, result)
        return result
      }
    }
    position = start
    return ternary()
  }

  private mutating func ternary() -> Int? {
    guard let condition = binary(0) else { return nil }
    guard take("?") else { return condition }
    if condition == 0 { isPassedOver += 1 }
    let first = assignment()
    if condition == 0 { isPassedOver -= 1 }
    guard let first, take(":") else { return nil }
    if condition != 0 { isPassedOver += 1 }
    let second = assignment()
    if condition != 0 { isPassedOver -= 1 }
    guard let second else { return nil }
    return condition != 0 ? first : second
  }

  private func combine(_ operation: UInt8, _ left: Int, _ right: Int) -> Int? {
    switch operation {
    case 0x2b: left &+ right
    case 0x2d: left &- right
    case 0x2a: left &* right
    case 0x2f: right == 0 ? (isPassedOver > 0 ? 0 : nil) : left.dividedReportingOverflow(by: right).partialValue
    case 0x25:
      right == 0 ? (isPassedOver > 0 ? 0 : nil) : left.remainderReportingOverflow(dividingBy: right).partialValue
    case 0x26: left & right
    case 0x7c: left | right
    case 0x5e: left ^ right
    case 0x3c: left << (right & 63)
    case 0x3e: left >> (right & 63)
    default: nil
    }
  }

  /// Operators of two operands from the loosest, by level.
  private mutating func binary(_ level: Int) -> Int? {
    guard level < 10 else { return power() }
    depth += 1
    defer { depth -= 1 }
    guard depth < 4 * ShellArithmetic.deepest, var left = binary(level + 1) else { return nil }
    while true {
      switch level {
      case 0 where next() == 0x7c && next(1) == 0x7c, 1 where next() == 0x26 && next(1) == 0x26:
        position += 2
        blanks()
        let decided = level == 0 ? left != 0 : left == 0
        if decided { isPassedOver += 1 }
        let right = binary(level + 1)
        if decided { isPassedOver -= 1 }
        guard let right else { return nil }
        left = level == 0 ? (left != 0 || right != 0 ? 1 : 0) : (left != 0 && right != 0 ? 1 : 0)
        continue
      default: break
      }
      guard let operation = operatorAt(level) else { return left }
      position += operation.length
      blanks()
      guard let right = binary(level + 1), let result = operation.apply(left, right, self) else { return nil }
      left = result
    }
  }

  private func operatorAt(_ level: Int) -> (length: Int, apply: (Int, Int, ShellArithmetic) -> Int?)? {
    let (first, second) = (next(), next(1))
    if second == 0x3d, first != 0x3d, first != 0x21, first != 0x3c, first != 0x3e { return nil }
    switch (level, first, second) {
    case (2, 0x7c, _) where second != 0x7c: return (1, { left, right, _ in left | right })
    case (3, 0x5e, _): return (1, { left, right, _ in left ^ right })
    case (4, 0x26, _) where second != 0x26: return (1, { left, right, _ in left & right })
    case (5, 0x3d, 0x3d): return (2, { left, right, _ in left == right ? 1 : 0 })
    case (5, 0x21, 0x3d): return (2, { left, right, _ in left != right ? 1 : 0 })
    case (6, 0x3c, 0x3d): return (2, { left, right, _ in left <= right ? 1 : 0 })
    case (6, 0x3e, 0x3d): return (2, { left, right, _ in left >= right ? 1 : 0 })
    case (6, 0x3c, _) where second != 0x3c: return (1, { left, right, _ in left < right ? 1 : 0 })
    case (6, 0x3e, _) where second != 0x3e: return (1, { left, right, _ in left > right ? 1 : 0 })
    case (7, 0x3c, 0x3c): return (2, { left, right, _ in left << (right & 63) })
    case (7, 0x3e, 0x3e): return (2, { left, right, _ in left >> (right & 63) })
    case (8, 0x2b, _): return (1, { left, right, own in own.combine(0x2b, left, right) })
    case (8, 0x2d, _): return (1, { left, right, own in own.combine(0x2d, left, right) })
    case (9, 0x2a, _) where second != 0x2a: return (1, { left, right, own in own.combine(0x2a, left, right) })
    case (9, 0x2f, _): return (1, { left, right, own in own.combine(0x2f, left, right) })
    case (9, 0x25, _): return (1, { left, right, own in own.combine(0x25, left, right) })
    default: return nil
    }
  }

  /// `2 ** 3` of bash, from right to left.
  private mutating func power() -> Int? {
    guard let base = unary() else { return nil }
    guard next() == 0x2a, next(1) == 0x2a else { return base }
    depth += 1
    defer { depth -= 1 }
    guard depth < 4 * ShellArithmetic.deepest else { return nil }
    position += 2
    blanks()
    guard let exponent = power(), exponent >= 0 else { return nil }
    var result = 1
    for _ in 0..<min(exponent, 64) { result = result &* base }
    return exponent > 64 && base != 0 && base != 1 && base != -1 ? nil : result
  }

  private mutating func unary() -> Int? {
    depth += 1
    defer { depth -= 1 }
    guard depth < 4 * ShellArithmetic.deepest else { return nil }
    blanks()
    if take("++") {
      guard let name = name(), let value = known(name) else { return nil }
      assign(name, value &+ 1)
      return value &+ 1
    }
    if next() == 0x2d, next(1) == 0x2d, position + 2 < text.count, ShellParser.isNameByte(text[position + 2]) {
      position += 2
      guard let name = name(), let value = known(name) else { return nil }
      assign(name, value &- 1)
      return value &- 1
    }
    if take("!") { return unary().map { $0 == 0 ? 1 : 0 } }
    if take("~") { return unary().map { ~$0 } }
    if take("-") { return unary().map { 0 &- $0 } }
    if take("+") { return unary() }
    if take("(") {
      guard let value = comma(), take(")") else { return nil }
      return value
    }
    if let name = name() {
      guard let value = known(name) else { return nil }
      if take("++") { assign(name, value &+ 1) } else if take("--") { assign(name, value &- 1) }
      return value
    }
    return number()
  }

  private mutating func number() -> Int? {
    let start = position
    while ShellParser.isNameByte(next()) || next() == 0x23 && position > start { position += 1 }
    let digits = String(decoding: text[start..<position], as: UTF8.self)
    blanks()
    return ShellArithmetic.number(digits)
  }

  /// A constant: decimal, octal with a leading 0, hexadecimal with 0x.
  static func number(_ digits: String) -> Int? {
    // `2#101` of bash; digits above 9 are letters, up to base 36 here.
    let parts = digits.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
    if parts.count == 2 {
      guard let base = Int(parts[0]), (2...36).contains(base), !parts[1].hasPrefix("-") else { return nil }
      return Int(parts[1], radix: base)
    }
    if digits.hasPrefix("0x") || digits.hasPrefix("0X") { return Int(digits.dropFirst(2), radix: 16) }
    if digits.hasPrefix("0"), digits.utf8.count > 1 { return Int(digits.dropFirst(), radix: 8) }
    guard digits.utf8.first != 0x2b else { return nil }
    return Int(digits)
  }
}
