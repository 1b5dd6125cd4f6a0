// `--output FILE`: the old file or the whole new one, never an input, and nothing left behind.

import Foundation
import Testing

@Suite struct OutputFileTests {
  static let saved =
    "*filter\n:INPUT DROP [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT\nCOMMIT\n"

  @Test(arguments: [
    "save gw.rules", "list gw.rules", "replay s.json", "map", "trace --rules gw.rules \"$ssh\"",
    "trace --rules gw.rules --format kernel \"$ssh\"", "trace --rules gw.rules --format json \"$ssh\"",
  ])
  func everyResultCanGoToAFile(_ call: String) throws {
    let run = try ShellRun(
      "hookwalk \(call) >plain && hookwalk \(call) --output file && cmp plain file && test -s file")
    #expect(run.code == 0)
    #expect(run.output == "")
    #expect(run.errors == "")
  }

  @Test func aFailedExpectationIsStillWritten() throws {
    let run = try ShellRun("hookwalk trace --rules gw.rules --expect deliver --output o \"$web\"; echo $?; tail -n 1 o")
    #expect(run.output.hasPrefix("1\n"))
    #expect(run.output.contains("decided by"))
  }

  @Test func permissionsStay() throws {
    let run = try ShellRun(
      """
      umask 022; hookwalk save gw.rules --output new; echo x >old; chmod 640 old; hookwalk save gw.rules --output old
      ls -l new old | cut -c 1-10; cat old
      """)
    #expect(run.output == "-rw-r--r--\n-rw-r-----\n" + Self.saved)
  }

  @Test func linksAreFollowed() throws {
    let run = try ShellRun(
      """
      mkdir d; echo x >d/target; ln -s target d/second; ln -s d/second first; hookwalk save gw.rules --output first
      ln -s made dangling; hookwalk save gw.rules --output dangling
      test -L first && test -L d/second && test -f d/target && test -L dangling && cmp d/target made && cat made
      """)
    #expect(run.output == Self.saved)
    let loop = try ShellRun("ln -s a b; ln -s b a; hookwalk map --output a")
    #expect(loop.code == 4)
    #expect(loop.errors == "hookwalk: cannot write to `a`: Too many levels of symbolic links\n")
  }

  @Test func pipesAndDevicesAreWrittenStraight() throws {
    let run = try ShellRun(
      """
      mkfifo p; cat p >got & hookwalk save gw.rules --output p; echo $?; wait; test -p p && cat got
      hookwalk map --output /dev/null; echo $?
      (echo first; hookwalk save gw.rules --output /dev/stdout; echo last) >all; cat all
      hookwalk save gw.rules --output -
      """)
    #expect(run.output == "0\n\(Self.saved)0\nfirst\n\(Self.saved)last\n\(Self.saved)")
    // A reader that goes away before everything is written: more than a pipe holds.
    let long =
      "*filter\n" + String(repeating: "-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT\n", count: 3000) + "COMMIT\n"
    let left = try ShellRun("mkfifo p; : <p & hookwalk save long --output p", files: ["long": long])
    #expect(left.code == 0)
    #expect(left.errors == "")
    #if os(Linux)
      let full = try ShellRun("hookwalk map --output /dev/full")
      #expect(full.code == 4)
      #expect(full.errors == "hookwalk: cannot write to `/dev/full`: No space left on device\n")
    #endif
  }

  @Test(arguments: [
    ("save gw.rules --output gw.rules", "`gw.rules`"), ("save gw.rules --output ./here", "`./here`"),
    ("save gw.rules --output hard", "`hard`"), ("save here --output gw.rules", "`gw.rules`"),
    ("list gw.rules --output hard", "`hard`"), ("save - --output gw.rules <gw.rules", "`gw.rules`"),
    ("replay s.json --output s.json", "`s.json`"),
    (
      "trace --host host.flow --rules gw.rules --output host.flow \"in on eth0 icmp 203.0.113.7 > 203.0.113.1\"",
      "`host.flow`"
    ),
    ("trace --host host.flow --output part.flow \"in on eth0 icmp 203.0.113.7 > 203.0.113.1\"", "`part.flow`"),
    ("test t.flow --output t.flow", "`t.flow`"), ("test t.flow --output gw.rules", "`gw.rules`"),
    ("test --format junit t.flow --output hard", "`hard`"),
  ])
  func noInputIsOverwritten(_ call: String, _ name: String) throws {
    let run = try ShellRun(
      """
      cp gw.rules keep.rules; cp t.flow keep.flow; cp s.json keep.json; ln gw.rules hard; ln -s gw.rules here
      hookwalk \(call) >/dev/null; echo $?
      cmp gw.rules keep.rules && cmp t.flow keep.flow && cmp s.json keep.json && cat host.flow part.flow; ls -A
      """,
      files: ["host.flow": "iface eth0 203.0.113.1/24\ninclude part.flow\n", "part.flow": "rules v4 gw.rules\n"])
    #expect(
      run.output
        == """
        2
        iface eth0 203.0.113.1/24
        include part.flow
        rules v4 gw.rules
        gw.rules
        hard
        here
        host.flow
        keep.flow
        keep.json
        keep.rules
        part.flow
        s.json
        t.flow

        """)
    #expect(run.errors.hasPrefix("hookwalk: the output \(name) is the input "))
  }

  @Test(arguments: [
    ("save gone --output old", 3), ("save gw.rules --output gone/new", 4), ("save gw.rules --output .", 4),
    ("save gw.rules --output new/", 4), ("save gw.rules --output ''", 4), ("save bad.rules --output old", 3),
    ("trace --rules gw.rules --output old banana", 2), ("replay bad.rules --output old", 3),
  ])
  func afterAnErrorTheFileIsAsItWas(_ call: String, _ code: Int32) throws {
    let run = try ShellRun(
      "echo old >old; hookwalk \(call); echo $?; cat old; ls -A",
      files: ["bad.rules": "*filter\n-A INPUT -p tpc -j DROP\nCOMMIT\n"])
    #expect(run.output == "\(code)\nold\nbad.rules\ngw.rules\nold\ns.json\nt.flow\n")
    #expect(!run.errors.isEmpty)
  }

  #if os(Linux)
    /// The command has made the file beside the output and waits for its input when the signal comes.
    @Test(arguments: [("INT", 130), ("TERM", 143), ("HUP", 129), ("QUIT", 131), ("XCPU", 152)])
    func anInterruptLeavesNothingBehind(_ signal: String, _ code: Int32) throws {
      let run = try ShellRun(
        """
        ulimit -c 0; mkfifo in; echo old >out
        env --default-signal hookwalk save --output out - <in & pid=$!
        exec 3>in
        until ls -A | grep -q '^[.]hookwalk-'; do kill -0 $pid || exit 9; sleep 0.01; done
        kill -\(signal) $pid; wait $pid; echo $?; cat out; ls -A
        """)
      #expect(run.output == "\(code)\nold\ngw.rules\nin\nout\ns.json\nt.flow\n")
    }

    @Test func anIgnoredSignalStaysIgnored() throws {
      let run = try ShellRun(
        """
        mkfifo in; env --ignore-signal=HUP hookwalk save --output out - <in & pid=$!
        exec 3>in
        until ls -A | grep -q '^[.]hookwalk-'; do kill -0 $pid || exit 9; sleep 0.01; done
        kill -HUP $pid; cat gw.rules >&3; exec 3>&-; wait $pid; echo $?; cat out; ls -A
        """)
      #expect(run.output == "0\n\(Self.saved)gw.rules\nin\nout\ns.json\nt.flow\n")
    }
  #endif
}
