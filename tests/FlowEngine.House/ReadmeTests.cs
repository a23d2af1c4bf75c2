using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace FlowEngine.House;

/// <summary>What the READMEs show exists: samples compile, links lead somewhere, commands are commands.</summary>
public sealed partial class ReadmeTests
{
    // What a console project has without asking (ImplicitUsings).
    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private static readonly string[] s_pathSuffixes =
        [".cs", ".csproj", ".json", ".md", ".props", ".sln", ".xml", "/", ".ci/run"];

    private static IEnumerable<Markdown> Readmes => Repository.Files
        .Where(file => file == "README.md" || file.EndsWith("/README.md", StringComparison.Ordinal))
        .Select(file => new Markdown(file));

    [Fact]
    public void Every_sample_compiles()
    {
        Offenders offenders = new("Samples that do not compile");
        foreach (Markdown readme in Readmes)
        {
            foreach (Markdown.Block block in readme.Blocks.Where(block => block.Language == "csharp"))
            {
                if (readme.Path == "README.md" || block.Marked)
                {
                    Compile(readme, block, offenders);
                }
            }
        }

        offenders.AssertNone();
    }

    [Fact]
    public void A_sample_that_names_an_unknown_type_does_not_compile()
    {
        Markdown readme = new("tests/FlowEngine.House/README.md");
        Offenders offenders = new("expected");
        Compile(readme, new Markdown.Block(1, "csharp", true, ["new NoSuchType().Run();"]), offenders);
        Assert.ThrowsAny<Exception>(offenders.AssertNone);
    }

    [Fact]
    public void Every_link_leads_somewhere()
    {
        Offenders offenders = new("Broken links");
        foreach (Markdown readme in Readmes)
        {
            if (!readme.IsClosed)
            {
                offenders.Add(readme.Path, $"{readme.Path}: a code fence is never closed");
            }

            string folder = Path.GetDirectoryName(readme.Path)!;
            foreach ((int line, string link) in readme.Links)
            {
                string[] parts = link.Split('#');
                bool good = link.Contains("://", StringComparison.Ordinal)
                    || (parts[0].Length == 0 ? readme.Anchors.Contains(parts[1]) : Exists(folder, parts[0]));
                if (!good)
                {
                    offenders.Add(readme.Path, $"{readme.Path}:{line}: {link}");
                }
            }
        }

        offenders.AssertNone();
    }

    [Fact]
    public void Every_file_and_folder_mentioned_exists()
    {
        Offenders offenders = new("Files that are not there");
        foreach (Markdown readme in Readmes)
        {
            string folder = Path.GetDirectoryName(readme.Path)!;
            foreach ((int line, string span) in readme.Spans)
            {
                bool isPath = s_pathSuffixes.Any(suffix => span.EndsWith(suffix, StringComparison.Ordinal))
                    && FilePath().IsMatch(span)
                    && (span.Contains('/') || Path.GetFileNameWithoutExtension(span).Length > 0)
                    && !span.StartsWith("../shared/", StringComparison.Ordinal);
                if (isPath && !Exists(folder, span))
                {
                    offenders.Add(readme.Path, $"{readme.Path}:{line}: {span}");
                }
            }

            foreach ((int line, string text) in readme.Typed)
            {
                foreach (Match match in ProjectArgument().Matches(text))
                {
                    if (!Exists("", match.Groups[1].Value))
                    {
                        offenders.Add(readme.Path, $"{readme.Path}:{line}: {match.Groups[1].Value}");
                    }
                }
            }
        }

        offenders.AssertNone();
    }

    [Fact]
    public void Every_command_and_option_shown_is_one_of_the_application()
    {
        SourceFile[] application = [.. Repository.Src.Where(file => file.Project == "FlowEngine.Cli")];
        HashSet<string> literals =
        [
            "--help", "--version",
            .. application.SelectMany(file => file.Syntax.DescendantTokens())
                .Where(token => token.IsKind(SyntaxKind.StringLiteralToken))
                .Select(token => token.ValueText),
        ];
        HashSet<string> commands = [.. application.SelectMany(CommandNames)];
        Assert.NotEmpty(commands);
        Offenders offenders = new("Commands and options that the application does not have");
        foreach (Markdown readme in Readmes)
        {
            foreach ((int line, string text) in readme.Typed)
            {
                if (Invocation().Match(text) is not { Success: true } match)
                {
                    continue;
                }

                string command = match.Groups[1].Value;
                IEnumerable<string> unknown = Option().Matches(match.Groups[2].Value)
                    .Select(option => option.Groups[1].Value)
                    .Where(option => !literals.Contains(option));
                foreach (string word in commands.Contains(command) ? unknown : unknown.Prepend(command))
                {
                    offenders.Add(readme.Path, $"{readme.Path}:{line}: {word}");
                }
            }
        }

        offenders.AssertNone();
    }

    private static void Compile(Markdown readme, Markdown.Block block, Offenders offenders)
    {
        CSharpParseOptions options = new(LanguageVersion.CSharp14);
        SyntaxTree sample = CSharpSyntaxTree.ParseText(string.Join('\n', block.Lines), options);
        bool program = sample.GetCompilationUnitRoot().Members.OfType<GlobalStatementSyntax>().Any();
        CSharpCompilation compilation = CSharpCompilation.Create(
            "Sample",
            [CSharpSyntaxTree.ParseText(ImplicitUsings, options), sample],
            References(),
            new CSharpCompilationOptions(
                program ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary,
                allowUnsafe: true,
                nullableContextOptions: NullableContextOptions.Enable));
        foreach (Diagnostic diagnostic in compilation.GetDiagnostics())
        {
            if (diagnostic.Severity == DiagnosticSeverity.Error)
            {
                int line = block.Line + 1 + diagnostic.Location.GetLineSpan().StartLinePosition.Line;
                offenders.Add(readme.Path, $"{readme.Path}:{line}: {diagnostic.Id} {diagnostic.GetMessage()}");
            }
        }
    }

    // The framework and our own assemblies, as they lie beside this test.
    private static IEnumerable<MetadataReference> References() =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(file => Path.GetDirectoryName(file) != AppContext.BaseDirectory.TrimEnd('/')
                || Path.GetFileName(file).StartsWith("FlowEngine.", StringComparison.Ordinal))
            .Select(file => MetadataReference.CreateFromFile(file));

    // Beside the README, from the root, or, for a name without a folder, anywhere below the README.
    private static bool Exists(string folder, string path)
    {
        bool There(string candidate) => File.Exists(candidate) || Directory.Exists(candidate);
        return There(Path.Combine(Repository.Root, folder, path))
            || There(Repository.Absolute(path))
            || (!path.Contains('/') && Repository.Files.Any(file =>
                file.StartsWith(folder, StringComparison.Ordinal) && Path.GetFileName(file) == path));
    }

    // The name in new DemoCommand("demo", …) and in : Command("demo", …).
    private static IEnumerable<string> CommandNames(SourceFile file) => file.Syntax.DescendantNodes()
        .Select(node => node switch
        {
            ObjectCreationExpressionSyntax made when IsCommand(made.Type) => made.ArgumentList,
            PrimaryConstructorBaseTypeSyntax based when IsCommand(based.Type) => based.ArgumentList,
            _ => null,
        })
        .Select(list => list?.Arguments.FirstOrDefault()?.Expression)
        .OfType<LiteralExpressionSyntax>()
        .Select(literal => literal.Token.ValueText)
        .Where(name => CommandName().IsMatch(name));

    private static bool IsCommand(TypeSyntax type) => type.ToString().EndsWith("Command", StringComparison.Ordinal);

    [GeneratedRegex(@"^[\w./-]+$")]
    private static partial Regex FilePath();

    [GeneratedRegex(@"--project\s+(\S+)")]
    private static partial Regex ProjectArgument();

    [GeneratedRegex(@"(?:\bflowengine|FlowEngine\.Cli\b.*? --)\s+([a-z][a-z-]*)\b(.*)$")]
    private static partial Regex Invocation();

    [GeneratedRegex(@"(?<=\s)(--[a-z][a-z0-9-]*)")]
    private static partial Regex Option();

    [GeneratedRegex("^[a-z][a-z-]*$")]
    private static partial Regex CommandName();
}
