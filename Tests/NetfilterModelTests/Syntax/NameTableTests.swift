// Names that are found by two machine words must still be told apart where those two are equal.

import Testing

@testable import NetfilterModel

@Suite struct NameTableTests {
  @Test func findsWhatWasAdded() {
    var table = NameTable<Int>()
    let names = [
      "", "a", "dport", "destination", "destination-port", "hashlimit-htable-expire", "hashlimit-gtable-expire",
    ]
    for (index, name) in names.enumerated() { table.add(name, index) }
    table.add("a", 100)
    for (index, name) in names.enumerated() { #expect(table[name] == index) }
    #expect(table.names == names)
  }

  @Test(arguments: ["b", "dpor", "dportx", "\0", "destination-porT", "hashlimit-xtable-expire"])
  func doesNotFind(_ name: String) {
    var table = NameTable<Int>()
    for name in ["", "a", "dport", "destination-port", "hashlimit-htable-expire"] { table.add(name, 1) }
    #expect(table[name] == nil)
  }

  @Test(arguments: ["eth0", "ppp+", "+", "a", "fifteen-bytes-x", "fourteen-bytes+", "eightby", "eightbyt", "eightbyt+"])
  func interfacePatternKeepsItsText(_ text: String) { #expect(InterfacePattern(text).text == text) }
}
