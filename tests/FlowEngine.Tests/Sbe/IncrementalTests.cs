using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace FlowEngine.Tests.Sbe;

/// <summary>The generator does no work again that an edit does not call for.</summary>
public class IncrementalTests
{
    private static readonly SchemaText s_schema = new("shop.xml", Resource("shop.xml"));

    [Fact]
    public void An_edit_of_the_code_regenerates_nothing()
    {
        GeneratorDriver driver = SbeCompiler.Driver(s_schema);
        var compilation = SbeCompiler.Compilation(["class A;"]);
        var token = TestContext.Current.CancellationToken;
        driver = driver.RunGenerators(compilation, token);
        var first = driver.GetRunResult().Results[0];
        Assert.NotEmpty(first.GeneratedSources);
        var edit = CSharpSyntaxTree.ParseText("class B;", SbeCompiler.Options, cancellationToken: token);
        driver = driver.RunGenerators(compilation.AddSyntaxTrees(edit), token);
        var outputs = driver.GetRunResult().Results[0].TrackedOutputSteps.SelectMany(step => step.Value)
            .SelectMany(step => step.Outputs);
        Assert.All(outputs, output => Assert.Equal(IncrementalStepRunReason.Cached, output.Reason));
    }

    [Fact]
    public void An_edit_of_one_message_regenerates_only_its_files()
    {
        var token = TestContext.Current.CancellationToken;
        GeneratorDriver driver = SbeCompiler.Driver(s_schema);
        var compilation = SbeCompiler.Compilation([]);
        driver = driver.RunGenerators(compilation, token);
        var edited = s_schema.Xml.Replace("Orders &amp;", "Many orders &amp;", StringComparison.Ordinal);
        Assert.NotEqual(s_schema.Xml, edited);
        driver = driver.ReplaceAdditionalText(s_schema, new SchemaText("shop.xml", edited))
            .RunGenerators(compilation, token);
        var steps = driver.GetRunResult().Results[0].TrackedSteps["SbeSources"]
            .SelectMany(step => step.Outputs).ToList();
        var changed = steps.Count(output =>
            output.Reason is IncrementalStepRunReason.Modified or IncrementalStepRunReason.New);
        Assert.Equal(2, changed);
        Assert.True(steps.Count > 10);
    }

    [Fact]
    public void A_comment_in_the_schema_changes_no_file()
    {
        var token = TestContext.Current.CancellationToken;
        GeneratorDriver driver = SbeCompiler.Driver(s_schema);
        var compilation = SbeCompiler.Compilation([]);
        driver = driver.RunGenerators(compilation, token);
        var edited = s_schema.Xml.Replace("<types>", "<!-- more -->\n<types>", StringComparison.Ordinal);
        driver = driver.ReplaceAdditionalText(s_schema, new SchemaText("shop.xml", edited))
            .RunGenerators(compilation, token);
        var steps = driver.GetRunResult().Results[0].TrackedSteps["SbeSources"].SelectMany(step => step.Outputs);
        Assert.All(steps, output =>
            Assert.True(output.Reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged));
    }

    [Fact]
    public void The_same_schema_gives_the_same_text()
    {
        var texts = Enumerable.Range(0, 2).Select(_ => string.Concat(
            SbeCompiler.Driver(s_schema)
                .RunGenerators(SbeCompiler.Compilation([]), TestContext.Current.CancellationToken).GetRunResult()
                .Results[0].GeneratedSources.Select(source => source.SourceText.ToString()))).ToList();
        Assert.Equal(texts[0], texts[1]);
    }

    [Fact]
    public void Twenty_renumbered_copies_of_a_large_schema_give_twenty_times_the_files()
    {
        var path = Path.Combine(
            SbeFiles.NeedFolder(Path.Combine(SbeFiles.Data, "schemas")), "Cme.Futures.Mdp3.Sbe.v1.13.xml");
        var xml = File.ReadAllText(path);
        SchemaText Copy(int i) => new($"copy{i}.xml", xml.Replace(" version=\"13\"", $" version=\"{13 + i}\"",
            StringComparison.Ordinal), $"Copy{i}");
        Generate([Copy(0)], out _);
        var one = Generate([Copy(1)], out var timeOfOne);
        var twenty = Generate([.. Enumerable.Range(2, 20).Select(Copy)], out var timeOfTwenty);
        Assert.Equal(20 * one, twenty);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"one: {one} files in {timeOfOne.TotalMilliseconds:0} ms; twenty: {timeOfTwenty.TotalMilliseconds:0} ms");
    }

    private static int Generate(SchemaText[] schemas, out TimeSpan time)
    {
        GeneratorDriver driver = SbeCompiler.Driver(schemas);
        var compilation = SbeCompiler.Compilation([]);
        var start = System.Diagnostics.Stopwatch.GetTimestamp();
        driver = driver.RunGenerators(compilation, TestContext.Current.CancellationToken);
        time = System.Diagnostics.Stopwatch.GetElapsedTime(start);
        return driver.GetRunResult().Results[0].GeneratedSources.Length;
    }

    private static string Resource(string name) =>
        File.ReadAllText(Path.Combine(SbeFiles.Root, "tests/FlowEngine.Tests/Sbe/Schemas", name));
}
