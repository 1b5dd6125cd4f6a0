// How the command line is split: letters with their value glued to them, and what stands behind `--`.

import Testing

@Suite struct ArgumentTests {
  private let command = CommandTests()

  @Test func aValueMayBeGluedToItsLetter() throws {
    let outcome = try command.run("list", "-", "-ntnat", input: "*nat\n-A PREROUTING -j ACCEPT\nCOMMIT\n")
    #expect(outcome.code == 0)
    #expect(outcome.output.contains("Chain PREROUTING"))
    #expect(outcome.errors == "")
  }

  @Test func behindTwoDashesNothingIsAnOption() throws {
    let outcome = try command.run("save", "--", "-", input: CommandTests.rules)
    #expect(outcome.code == 0)
    #expect(outcome.output.contains("-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT"))
  }
}
