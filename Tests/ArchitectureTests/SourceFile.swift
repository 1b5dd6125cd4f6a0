// What a Swift file declares, and which names it uses.

/// A name that a file declares.
struct SourceDeclaration: Hashable {
  /// The name.
  var name: String
  /// The type that it stands in; nil at the top.
  var owner: String?
  /// Whether only its own file sees it.
  var isPrivate: Bool
  /// Whether it is a type.
  var isType: Bool
}

/// A name that a file uses.
struct SourceUse: Hashable {
  /// The name.
  var name: String
  /// Whether a point stands in front of it.
  var isMember: Bool
}

/// A file of the sources.
struct SourceFile {
  /// Its path from the folder of the sources.
  var path: String
  /// What it declares.
  var declarations: [SourceDeclaration] = []
  /// The types that it declares or extends.
  var owners: Set<String> = []
  /// The names that it binds inside functions: parameters and variables.
  var bindings: Set<String> = []
  /// The names that it uses.
  var uses: Set<SourceUse> = []
  /// The modules that it imports.
  var imports: Set<String> = []

  init(path: String, source: String) {
    self.path = path
    var reader = DeclarationReader(tokens: SourceToken.all(in: source))
    reader.read()
    declarations = reader.declarations
    owners = reader.owners
    bindings = reader.bindings
    uses = reader.uses
    imports = reader.imports
  }

  /// Whether what stands in a room can be seen from here.
  func canSee(_ room: String) -> Bool {
    let module = room.prefix { $0 != "/" }
    return path.hasPrefix(module + "/") || imports.contains(String(module))
  }

  /// Whether its name is that of a type which it declares or extends, perhaps with `+Feature`; `main.swift` is named by Swift.
  var isNamedAfterType: Bool {
    let name = path.split(separator: "/").last ?? ""
    let type = name.prefix { $0 != "." && $0 != "+" }
    return name == "main.swift" || owners.contains(String(type))
  }
}

private struct DeclarationReader {
  /// What a pair of braces holds.
  enum Body: Equatable {
    case type(String, isEnum: Bool)
    case code
  }

  let tokens: [SourceToken]
  var declarations: [SourceDeclaration] = []
  var owners: Set<String> = []
  var bindings: Set<String> = []
  var uses: Set<SourceUse> = []
  var imports: Set<String> = []
  private var bodies: [Body] = []
  private var coming: Body?
  private var isPrivate = false
  private var depth = 0
  private var place = 0

  init(tokens: [SourceToken]) { self.tokens = tokens }

  private static let typeWords: Set<String> = ["struct", "class", "enum", "protocol", "actor", "extension"]
  private static let keywords: Set<String> = [
    "public", "internal", "private", "fileprivate", "static", "final", "mutating", "nonmutating", "func", "var", "let",
    "case", "init", "deinit", "subscript", "if", "else", "guard", "switch", "default", "for", "in", "while", "repeat",
    "return", "throw", "throws", "rethrows", "try", "catch", "do", "defer", "break", "continue", "where", "is", "as",
    "self", "Self", "super", "nil", "true", "false", "import", "struct", "class", "enum", "protocol", "actor",
    "extension", "typealias", "associatedtype", "some", "any", "inout", "borrowing", "consuming", "async", "await",
    "package", "copy", "consume", "each", "yield", "get", "set", "willSet", "didSet", "indirect", "lazy", "weak",
    "unowned", "operator", "override", "_", "fallthrough",
  ]

  private func text(_ offset: Int) -> String {
    tokens.indices.contains(place + offset) ? tokens[place + offset].text : ""
  }

  mutating func read() {
    while place < tokens.count {
      readToken(tokens[place])
      place += 1
    }
  }

  private mutating func readToken(_ token: SourceToken) {
    guard token.isWord else { return readSign(token.text) }
    switch token.text {
    case "private", "fileprivate": isPrivate = text(1) != "("
    case "import":
      imports.insert(text(1))
      place += 1
    case _ where Self.typeWords.contains(token.text) && startsType: readType(isEnum: token.text == "enum")
    case "func", "typealias", "associatedtype", "macro": declareNext(isType: token.text != "func")
    case "let", "var": readVariable()
    case "case": if case .type(_, isEnum: true)? = bodies.last, depth == 0 { readCases() }
    case _ where Self.keywords.contains(token.text): break
    default: readUse(token)
    }
  }

  private var startsType: Bool {
    let next = tokens.indices.contains(place + 1) ? tokens[place + 1] : nil
    guard let next, text(-1) != "." else { return false }
    return next.text.first?.isUppercase == true || (text(0) == "extension" && next.text == "[")
  }

  private var owner: String? {
    if case .type(let name, _)? = bodies.last { return name }
    return nil
  }

  private var isInCode: Bool { bodies.contains(.code) }

  private mutating func readSign(_ sign: String) {
    switch sign {
    case "{":
      bodies.append(coming ?? .code)
      coming = nil
      isPrivate = false
    case "}":
      _ = bodies.popLast()
      isPrivate = false
    case "(", "[": depth += 1
    case ")", "]": depth -= 1
    default: break
    }
  }

  private mutating func declare(_ name: String, isType: Bool = false) {
    if isInCode {
      bindings.insert(name)
    } else {
      declarations.append(SourceDeclaration(name: name, owner: owner, isPrivate: isPrivate, isType: isType))
    }
    isPrivate = false
  }

  private mutating func declareNext(isType: Bool) {
    guard tokens.indices.contains(place + 1), tokens[place + 1].isWord else { return }
    place += 1
    declare(tokens[place].text, isType: isType)
  }

  private mutating func readType(isEnum: Bool) {
    let isExtension = text(0) == "extension"
    place += 1
    var name = tokens[place].text
    if name == "[" {
      // `extension [UInt8]`
      name = "Array"
      while text(1) != "{", text(1) != "" { place += 1 }
    } else if isExtension {
      uses.insert(SourceUse(name: name, isMember: false))
      while text(1) == "." {
        place += 2
        name = tokens[place].text
      }
    } else {
      declare(name, isType: true)
    }
    owners.insert(name)
    coming = .type(name, isEnum: isEnum)
  }

  private mutating func readVariable() {
    if text(1) == "(" {
      var index = 2
      while text(index) != ")", text(index) != "" {
        bindings.insert(text(index))
        index += 1
      }
      place += index
    } else if text(-1) == "case" || text(1) == "." {
      bindings.insert(text(1))
    } else {
      declareNext(isType: false)
    }
  }

  private mutating func readCases() {
    repeat {
      place += 1
      declare(text(0))
      if text(1) == "(" { skipPayload() }
      if text(1) == "=" { place += 2 }
      if text(1) == ",", tokens[place + 1].line >= tokens[place].line { place += 1 } else { return }
    } while place < tokens.count
  }

  private mutating func skipPayload() {
    var level = 0
    repeat {
      place += 1
      if text(0) == "(" { level += 1 }
      if text(0) == ")" { level -= 1 }
      if tokens[place].isWord { readUse(tokens[place]) }
    } while level > 0 && place + 1 < tokens.count
  }

  private mutating func readUse(_ token: SourceToken) {
    let isMember = text(-1) == "." && text(-2) != "."
    let next = tokens.indices.contains(place + 1) ? tokens[place + 1] : nil
    if !isMember, next?.text == ":", next?.hasBlankBefore == false {
      bindings.insert(token.text)
      return
    }
    if !isMember, next?.isWord == true, next?.text == "in" || text(2) == ":" { bindings.insert(token.text) }
    if !isMember, isClosureParameter { bindings.insert(token.text) }
    uses.insert(SourceUse(name: token.text, isMember: isMember))
  }

  /// Whether the word stands in the list in front of a closure's `in`, or between `for` and `in`.
  private var isClosureParameter: Bool {
    var index = place - 1
    while index >= 0, tokens[index].text == "," || (tokens[index].isWord && !Self.keywords.contains(tokens[index].text))
    {
      index -= 1
    }
    guard index >= 0, ["{", "(", "for"].contains(tokens[index].text) else { return false }
    var end = place + 1
    while end < tokens.count, [",", "(", ")"].contains(tokens[end].text) || tokens[end].isWord {
      if tokens[end].text == "in" { return true }
      if tokens[end].text == "(", tokens[end - 1].text != "throws" { return false }
      if Self.keywords.contains(tokens[end].text), tokens[end].text != "throws" { return false }
      end += 1
    }
    return false
  }
}
