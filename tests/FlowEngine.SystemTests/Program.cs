using FlowEngine.SystemTests.Aeron;
using Xunit.MicrosoftTestingPlatform;

namespace FlowEngine.SystemTests;

/// <summary>
/// The test runner; or, with <c>child</c> in front, a process that a test starts in order to kill it.
/// </summary>
internal static class Program
{
    public static Task<int> Main(string[] args) => args is [KillChild.Word, .. var child]
        ? Task.FromResult(KillChild.Run(child))
        : TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions);
}
