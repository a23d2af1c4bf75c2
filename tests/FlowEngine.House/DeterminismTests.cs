using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace FlowEngine.House;

/// <summary>
/// The engine is a pure function of its events: clocks, randomness, threads and the environment come in through one
/// door each, and no formula uses a function whose last bit differs between machines.
/// </summary>
public sealed class DeterminismTests
{
    [Fact]
    public void Only_AgentThread_creates_threads() => AssertNobodyUses(
        "Threads made outside Core's agent runner",
        ["Thread.new", "Timer.new", "Task.Run", "Task.Factory", "ThreadPool.*", "Parallel.*"],
        file => file.Path != "src/FlowEngine.Core/Agents/AgentThread.cs");

    [Fact]
    public void Only_Core_Time_and_the_application_read_a_clock() => AssertNobodyUses(
        "Clocks read outside Core/Time",
        [
            "DateTime.Now", "DateTime.UtcNow", "DateTime.Today", "DateTimeOffset.Now", "DateTimeOffset.UtcNow",
            "Stopwatch.*", "Stopwatch.new", "TimeProvider.*", "Environment.TickCount", "Environment.TickCount64",
        ],
        file => !file.Path.StartsWith("src/FlowEngine.Core/Time/", StringComparison.Ordinal)
            && file.Project != "FlowEngine.Cli");

    [Fact]
    public void Nothing_in_src_is_random() => AssertNobodyUses(
        "Random sources",
        ["Random.new", "Random.*", "RandomNumberGenerator.*", "Guid.NewGuid", "Guid.CreateVersion7"],
        file => true,
        new Offenders.Excuse(
            "src/FlowEngine.Aeron.Driver/Streams/StreamServices.cs",
            "session ids and initial terms must differ between drivers; a seed in the context makes them repeat"),
        new Offenders.Excuse(
            "src/FlowEngine.Aeron.Driver/Network/ReceiveChannels.cs",
            "receiver ids must differ between drivers; a seed in the context makes them repeat"),
        new Offenders.Excuse(
            "src/FlowEngine.Aeron.Driver/Receiving/PublicationImage.cs",
            "receivers of a group must back off differently; a seed in the context makes them repeat"));

    [Fact]
    public void Only_the_application_reads_arguments_and_the_environment() => AssertNobodyUses(
        "Arguments and environment read outside the application",
        ["Environment.GetCommandLineArgs", "Environment.GetEnvironmentVariable", "Environment.CommandLine"],
        file => file.Project != "FlowEngine.Cli",
        new Offenders.Excuse(
            "src/FlowEngine.Aeron/AeronContext.cs", "AERON_DIR is how every Aeron client finds its driver"));

    [Fact]
    public void No_formula_uses_a_function_that_differs_between_machines() => AssertNobodyUses(
        "Functions or hashes whose result depends on the machine or the process",
        [
            .. from type in new[] { "Math", "MathF", "double" }
               from name in new[] { "Exp", "Log", "Log2", "Log10", "Pow", "Tanh", "Sin", "Cos", "Tan", "Cbrt", "Exp2" }
               select $"{type}.{name}",
            "HashCode.*",
        ],
        file => file.Project is "FlowEngine.Market" or "FlowEngine.Signals" or "FlowEngine.Engine");

    // Matches `Type.Member` and, as "Type.new", `new Type(...)`; "Type.*" is any member.
    private static void AssertNobodyUses(
        string rule, string[] banned, Func<SourceFile, bool> applies, params Offenders.Excuse[] excuses)
    {
        Offenders offenders = new(rule, excuses);
        HashSet<string> names = [.. banned];
        foreach (SourceFile file in Repository.Src.Where(applies))
        {
            foreach (ExpressionSyntax node in file.Syntax.DescendantNodes().OfType<ExpressionSyntax>())
            {
                (string? type, string member) = node switch
                {
                    MemberAccessExpressionSyntax access => (Last(access.Expression), access.Name.Identifier.ValueText),
                    ObjectCreationExpressionSyntax created => (Last(created.Type), "new"),
                    ImplicitObjectCreationExpressionSyntax created => (TargetType(created), "new"),
                    _ => (null, ""),
                };
                if (type is not null
                    && (names.Contains($"{type}.{member}") || (member != "new" && names.Contains($"{type}.*"))))
                {
                    offenders.Add(file, SourceFile.LineOf(node), $"{type}.{member}");
                }
            }
        }

        offenders.AssertNone();
    }

    private static string? Last(ExpressionSyntax expression) => expression switch
    {
        SimpleNameSyntax name => name.Identifier.ValueText,
        QualifiedNameSyntax name => name.Right.Identifier.ValueText,
        AliasQualifiedNameSyntax name => name.Name.Identifier.ValueText,
        MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
        PredefinedTypeSyntax type => type.Keyword.ValueText,
        _ => null,
    };

    private static string? TargetType(ImplicitObjectCreationExpressionSyntax created) => created.Parent?.Parent switch
    {
        VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax declaration } => Last(declaration.Type),
        PropertyDeclarationSyntax property => Last(property.Type),
        _ => null,
    };
}
