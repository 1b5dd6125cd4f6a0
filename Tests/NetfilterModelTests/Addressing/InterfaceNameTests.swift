// Names of interfaces: which can be (`ip link add`, kernel: `dev_valid_name`), and their text.

import NetfilterModel
import Testing

@Suite struct InterfaceNameTests {
  @Test(arguments: [
    ("a", true), ("abcdefghijklmno", true), ("abcdefghijklmnop", false), ("", false), (".", false), ("..", false),
    ("...", true), (".a", true), ("a.", true), ("a/b", false), ("a:b", false), ("a b", false), ("a\tb", false),
    ("a\u{0}", false), ("a\u{0b}", false), ("ü", true), ("äöüäöüä", true), ("äöüäöüäö", false), ("eth0.100", true),
  ])
  func namesThatCanBe(_ text: String, _ isValid: Bool) { #expect(InterfaceName.isValid(text) == isValid) }

  @Test(arguments: ["a", "eth0", "abcdefg", "abcdefgh", "abcdefghi", "abcdefghijklmno", "äöü", ""])
  func theTextIsTheName(_ text: String) { #expect(InterfaceName(text).description == text) }

  @Test func whatFollowsTheFifteenthByteIsCutOff() {
    #expect(InterfaceName("abcdefghijklmnopq").description == "abcdefghijklmno")
    #expect(InterfaceName.none.description.isEmpty)
  }
}
