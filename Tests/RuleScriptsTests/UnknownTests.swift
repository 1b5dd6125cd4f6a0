// What of a script cannot be known: never guessed, always said.

import NetfilterModel
import RuleScripts
import Testing

@Suite struct UnknownTests {
  func read(_ text: String, _ options: ScriptOptions = ScriptOptions()) -> RuleScript {
    RuleScript.read(Array(text.utf8), file: "fw.sh", options: options)
  }

  func errors(_ script: RuleScript) -> [String] {
    script.diagnostics.filter { $0.severity == .error }.map { "\($0.range.line): \($0.id.rawValue)" }
  }

  @Test func aWordThatIsNotKnown() {
    let text = "IP=$(hostname -i)\niptables -A INPUT -d $IP -j ACCEPT\n"
    let script = read(text)
    #expect(errors(script) == ["2: line-not-read"])
    #expect(script.diagnostics.first?.help == "say what it is: --set IP=VALUE")
    var options = ScriptOptions()
    options.variables = ["IP": "192.0.2.1"]
    let settled = read(text, options)
    #expect(errors(settled).isEmpty)
    #expect(SavePrinter().print(settled[.ipv4]).contains("-A INPUT -d 192.0.2.1/32 -j ACCEPT\n"))
  }

  @Test func aConditionThatMatters() {
    let text = "if [ -f /etc/strict ]; then\n  iptables -P INPUT DROP\nfi\niptables -A INPUT -i lo -j ACCEPT\n"
    #expect(errors(read(text)) == ["1: line-not-read"])
    for (answer, policy) in [(true, Verdict.drop), (false, .accept)] {
      var options = ScriptOptions()
      options.answers = ["1": answer]
      let script = read(text, options)
      #expect(errors(script).isEmpty)
      #expect(script[.ipv4][.filter]?["INPUT"]?.policy == policy)
    }
  }

  @Test func aConditionThatDoesNotMatter() {
    let script = read(
      "if [ -f /etc/strict ]; then X=1; else X=2; fi\n[ -d /run/fw ] || mkdir /run/fw\niptables -A INPUT -j DROP\n")
    #expect(errors(script).isEmpty)
    // The variable is not known behind it.
    #expect(
      errors(read("if [ -f /x ]; then X=1; else X=2; fi\niptables -A INPUT -s 10.0.0.$X\n")) == ["2: line-not-read"])
  }

  @Test func anEndThatIsNotKnown() {
    #expect(errors(read("[ -f /etc/fw.conf ] || exit 1\niptables -A INPUT -j DROP\n")) == ["1: line-not-read"])
    #expect(errors(read("grep -q x /etc/y && iptables -F\niptables -A INPUT -j DROP\n")).isEmpty == false)
    #expect(errors(read("while ping -c1 host; do iptables -A INPUT -j DROP; done\n")).isEmpty == false)
  }

  /// What one way only would not read is not lost with that way.
  @Test func whatOneWayDoesNotReadIsSaid() {
    #expect(errors(read("if [ -f /x ]; then\n  iptables -A INPUT -s $(hostname) -j DROP\nfi\n")).isEmpty == false)
    #expect(
      errors(read("if [ -f /x ]; then iptables -V; else iptables -A INPUT -j DROP; fi\n")) == ["1: line-not-read"])
    #expect(
      errors(read("if [ -f /x ]; then iptables -A INPUT -j DROP; else iptables -V; fi\n")) == ["1: line-not-read"])
    #expect(errors(read("[ -f /x ] && . /etc/other\niptables -A INPUT -j DROP\n")).contains("1: line-not-read"))
  }

  @Test func theSameEitherWayIsNoQuestion() {
    let script = read("if lsmod | grep -q x; then iptables -P INPUT DROP; else iptables -P INPUT DROP; fi\n")
    #expect(errors(script).isEmpty)
    #expect(script[.ipv4][.filter]?["INPUT"]?.policy == .drop)
  }

  @Test func filesAndOtherShells() {
    #expect(errors(read(". /etc/fw.conf\niptables -A INPUT -j DROP\n")) == ["1: line-not-read"])
    #expect(errors(read("iptables-restore < /etc/rules.v4\n")) == ["1: line-not-read"])
    #expect(errors(read("for i in $(cat /etc/list); do iptables -A INPUT -s $i -j DROP; done\n")).isEmpty == false)
    #expect(errors(read("cat /etc/list | xargs -n1 iptables -A INPUT -j DROP -s\n")) == ["1: line-not-read"])
    #expect(errors(read("iptables -A INPUT -s example.org -j DROP\n")) == ["1: line-not-read"])
    #expect(errors(read("iptables -A INPUT -j DROP\nufw enable\n")) == ["2: line-not-read"])
    #expect(errors(read("if true; then\niptables -F\n")) == ["3: script-broken"])
  }

  @Test func whatCountsAsDoneIsSaid() {
    let script = read(
      "modprobe ip_tables\nsysctl -w net.ipv4.ip_forward=1\nmodprobe nf_nat\necho 1 > /proc/sys/net/ipv4/tcp_syncookies\n"
    )
    #expect(script.diagnostics.map(\.id) == [.commandAssumed])
    #expect(script.diagnostics[0].message.contains("`modprobe` (2 times)"))
    #expect(
      script.changes.map { $0.change } == [
        .setting(name: "net.ipv4.ip_forward", value: "1"), .setting(name: "net.ipv4.tcp_syncookies", value: "1"),
      ])
  }

  @Test func everyScriptEnds() {
    for text in [
      "while :; do :; done\n", "f() { f; }\nf\n", ":(){ :|:& };:\n", "a=x\nwhile :; do a=$a$a; done\n",
      "for ((;;)); do echo x; done\n", "eval 'eval \"$0\"'\n",
      String(repeating: "(", count: 5000), String(repeating: "$(", count: 5000), String(repeating: "{ ", count: 5000),
      String(repeating: "if ", count: 5000), "echo " + String(repeating: "{a,b}", count: 40) + "\n",
      "echo $(( " + String(repeating: "(", count: 4000) + "\n", "echo ${x:-" + String(repeating: "${x:-", count: 3000),
      "[ " + String(repeating: "! ", count: 5000) + "]\n",
    ] {
      var script = "#!/bin/bash\n" + text
      script += "\n"
      _ = read(script)
    }
  }

  @Test func noBytesTrap() {
    let text = Array(
      "#!/bin/bash\nX=(1 2); iptables -A INPUT -s ${X[1]:-$(echo \"$((1+2))\")} -j DROP <<E | cat\nx$X\nE\n".utf8)
    for count in 0..<text.count { _ = RuleScript.read(Array(text[..<count]), file: "f") }
    let signs = Array("'\"`$(){}[]<>|&;\\ \n#*~=x0".utf8)
    var state: UInt64 = 42
    for _ in 0..<400 {
      var changed = text
      for _ in 0..<3 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let place = Int(state >> 33) % changed.count
        changed[place] = signs[Int(state >> 20 & 0xffff) % signs.count]
      }
      _ = RuleScript.read(changed, file: "f")
    }
  }

  /// What the constructs of a shell cannot know is said with its line.
  @Test(arguments: [
    ("#!/bin/bash\ncat list | xargs -n1 iptables -A INPUT -j DROP -s\n", 2),
    ("#!/bin/bash\nselect w in a b; do iptables -P INPUT DROP; break; done\n", 2),
    ("#!/bin/bash\ntee >(cat)\n", 2), ("#!/bin/bash\ntrap 'iptables -F' DEBUG\n", 2),
    ("#!/bin/sh\nalias f='iptables -F; iptables -X'\nf\n", 3),
    ("#!/bin/bash\n[[ eth0.5 =~ eth0.(5) ]]\niptables -A INPUT -i ${BASH_REMATCH[1]} -j DROP\n", 3),
    ("#!/bin/sh\ncd /etc/firewall\n. ./rules.sh\n", 3), ("#!/bin/bash\ndeclare -n r=x\n", 2),
    ("#!/bin/bash\nmapfile -t l < /etc/list\nfor i in \"${l[@]}\"; do iptables -A INPUT -s $i -j DROP; done\n", 3),
    ("#!/bin/sh\nset -n\niptables -F\n", 2),
  ]) func whatIsNotKnownIsSaid(_ text: String, _ line: Int) {
    let script = read(text)
    #expect(script.hasErrors)
    #expect(script.diagnostics.contains { $0.severity == .error && $0.range.line == line }, "\(script.diagnostics)")
  }

  /// What the caller says settles a choice.
  @Test func aChoiceThatIsSaid() {
    var options = ScriptOptions()
    options.variables = ["w": "DROP"]
    let script = read(
      "#!/bin/bash\nselect w in ACCEPT DROP; do iptables -P INPUT $w; break; done\n", options)
    #expect(errors(script).isEmpty)
    #expect(script[.ipv4][.filter]?["INPUT"]?.policy == .drop)
  }

  /// Files are looked for where the script went, as far as that is known.
  @Test func aFileInTheFolderOfTheScript() {
    var options = ScriptOptions()
    options.read = { name, script in
      name == "/etc/firewall/rules.sh" && script == "fw.sh" ? Array("iptables -P INPUT DROP\n".utf8) : nil
    }
    let script = read("cd /etc/firewall/\n. ./rules.sh\n", options)
    #expect(errors(script).isEmpty)
    #expect(script[.ipv4][.filter]?["INPUT"]?.policy == .drop)
    #expect(errors(read("cd /etc/firewall/\ncd ..\n. ./rules.sh\n", options)) == ["3: line-not-read"])
  }

  @Test func theArgumentsOfACommandLine() {
    #expect(ScriptOptions.words("start 'two words' \"a\\\"b\" c\\ d ''") == ["start", "two words", "a\"b", "c d", ""])
    #expect(ScriptOptions.words("'open") == nil)
    #expect(ScriptOptions.words("end\\") == nil)
    #expect(ScriptOptions.words("") == [])
  }
}
