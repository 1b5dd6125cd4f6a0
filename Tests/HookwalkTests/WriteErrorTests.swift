// What cannot be written is said, with exit code 4; a reader that went away is no error.

import Foundation
import Testing

#if os(Linux)
  import Glibc

  @Suite struct WriteErrorTests {
    /// Every way to print a result, and the exit code that it has when all is well.
    static let calls: [(String, Int32)] = [
      ("save gw.rules", 0), ("list gw.rules", 0), ("list -S gw.rules", 0), ("replay s.json", 0), ("test t.flow", 0),
      ("test --list t.flow", 0), ("test --format junit t.flow", 0), ("trace --rules gw.rules \"$ssh\"", 0),
      ("trace --rules gw.rules --expect deliver \"$ssh\"", 0),
      ("trace --rules gw.rules --expect deliver \"$web\"", 1),
      ("trace --rules gw.rules --format kernel \"$ssh\"", 0),
      ("trace --rules gw.rules --format json \"$ssh\"", 0), ("map", 0), ("help", 0), ("help trace", 0),
      ("save --help", 0), ("--version", 0),
    ]

    @Test(arguments: calls) func aFullDiskIsSaid(_ call: String, _ code: Int32) throws {
      let run = try ShellRun("hookwalk \(call) >/dev/full")
      #expect(run.code == 4)
      #expect(run.errors.hasSuffix("hookwalk: cannot write to the standard output: No space left on device\n"))
    }

    @Test(arguments: calls) func aClosedOutputIsSaid(_ call: String, _ code: Int32) throws {
      let run = try ShellRun("hookwalk \(call) >&-")
      #expect(run.code == 4)
      #expect(run.errors.hasSuffix("hookwalk: cannot write to the standard output: Bad file descriptor\n"))
    }

    /// The reader is gone for sure: it has opened and closed the pipe before the command starts.
    @Test(arguments: calls, ["env --default-signal=PIPE", "env --ignore-signal=PIPE"])
    func aClosedPipeKeepsTheVerdict(_ call: (String, Int32), _ signal: String) throws {
      let run = try ShellRun("mkfifo p; : <p & exec 4>p; wait; \(signal) hookwalk \(call.0) >&4")
      #expect(run.code == call.1)
      #expect(!run.errors.contains("cannot write"))
      #expect(run.errors.isEmpty || call.1 == 1)
    }

    @Test(arguments: calls) func standardErrorMayBeGone(_ call: String, _ code: Int32) throws {
      for stream in ["2>/dev/full", "2>&-"] {
        let run = try ShellRun("hookwalk \(call) \(stream)")
        #expect(run.code == code)
        #expect(!run.output.isEmpty)
      }
      #expect(try ShellRun("hookwalk save gone 2>/dev/full").code == 3)
      #expect(try ShellRun("hookwalk save gone >&- 2>&- <&-").code == 3)
    }

    @Test func aClosedStreamIsNoPlaceForAnotherFile() throws {
      // The files that are opened would get the numbers of the closed streams.
      let run = try ShellRun("hookwalk test --output r.txt t.flow >&- 2>&- <&-; echo $?; cat r.txt")
      #expect(run.output == "4\nok    telnet is closed\n\n1 passed, 0 failed, 0 skipped\n")
      #expect(
        try ShellRun("hookwalk save - <&-").errors == "hookwalk: cannot read standard input: Bad file descriptor\n")
    }

    @Test func aLimitOfFileSizesIsAnError() throws {
      let run = try ShellRun("(ulimit -f 0; hookwalk map --output m 2>&1; echo $?) | cat; ls -A")
      #expect(run.output == "hookwalk: cannot write to `m`: File too large\n4\ngw.rules\ns.json\nt.flow\n")
    }

    @Test func anOutputThatDoesNotBlockIsWaitedFor() throws {
      let rules =
        "*filter\n" + (0..<5000).map { "-A INPUT -s 10.0.\($0 / 250).\($0 % 250)/32 -j DROP\n" }.joined() + "COMMIT\n"
      let folder = FileManager.default.temporaryDirectory.appendingPathComponent("hookwalk-\(UUID().uuidString)")
      try Data(rules.utf8).write(to: folder)
      defer { try? FileManager.default.removeItem(at: folder) }
      let pipe = Pipe()
      let (reader, writer) = (pipe.fileHandleForReading.fileDescriptor, pipe.fileHandleForWriting.fileDescriptor)
      #expect(fcntl(writer, F_SETFL, fcntl(writer, F_GETFL) | O_NONBLOCK) == 0)
      let process = Process()
      process.executableURL = CommandTests.command
      process.arguments = ["save", folder.path]
      process.standardOutput = pipe
      try process.run()
      try? pipe.fileHandleForWriting.close()
      // When the pipe is full, a process that waits sleeps; one that tries again and again runs.
      var isAsleep = false
      for _ in 0..<3000 where !isAsleep {
        var count: Int32 = 0
        _ = ioctl(reader, UInt(FIONREAD), &count)
        let status = try String(contentsOfFile: "/proc/\(process.processIdentifier)/stat", encoding: .utf8)
        isAsleep = count > 60_000 && status.split(separator: " ").dropFirst(2).first == "S"
        usleep(10_000)
      }
      #expect(isAsleep)
      let output = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
      process.waitUntilExit()
      #expect(process.terminationStatus == 0)
      #expect(output.split(separator: "\n").count == 5005)
      #expect(output.hasSuffix("-j DROP\nCOMMIT\n"))
    }
  }
#endif
