// Outcomes as JUnit XML.

@testable import FlowTesting
import NetfilterModel
import Simulator
import Testing

@Suite struct JUnitReportTests {
  @Test func junitIsEscaped() {
    let suite = FlowSuiteTests().suite("test \"a<b&\\\"c\"\nlocal tcp 127.0.0.1:1 > 127.0.0.1:2 => deliver\nend\n")
    let outcomes = suite.tests.map { FlowOutcome(test: $0, result: suite.run($0), duration: .microseconds(1_500_042)) }
    let text = JUnitReport.render([FlowSuiteOutcome(file: suite.file, outcomes: outcomes)])
    #expect(
      text.contains(
        "<testcase name=\"a&lt;b&amp;&quot;c\" classname=\"t/gw.flow\" file=\"t/gw.flow\" line=\"7\" time=\"1.500042\">"
      ))
    #expect(text.contains("<testsuites name=\"hookwalk\" tests=\"1\" failures=\"1\" errors=\"0\" time=\"1.500042\">"))
    #expect(text.contains("expected deliver, got drop"))
  }
}
