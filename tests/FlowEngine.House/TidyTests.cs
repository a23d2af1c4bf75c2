using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace FlowEngine.House;

/// <summary>How files look: sizes, endings, left-overs. Style that a reader would otherwise have to police.</summary>
public sealed partial class TidyTests
{
    private const int MaxFileLines = 500;
    private const int MaxLineColumns = 120;
    private const int MaxFunctionLines = 70;
    private const long MaxFileBytes = 1_000_000;

    [Fact]
    public void No_source_file_is_longer_than_500_lines()
    {
        Offenders offenders = new($"Files over {MaxFileLines} lines");
        foreach (SourceFile file in Repository.Sources)
        {
            int lines = file.Lines.Length - 1;
            if (lines > MaxFileLines)
            {
                offenders.Add(file, lines, $"{lines} lines");
            }
        }

        offenders.AssertNone();
    }

    [Fact]
    public void No_line_is_wider_than_120_columns()
    {
        Offenders offenders = new($"Lines over {MaxLineColumns} columns");
        foreach (SourceFile file in Repository.Sources)
        {
            for (int i = 0; i < file.Lines.Length; i++)
            {
                if (file.Lines[i].Length > MaxLineColumns)
                {
                    offenders.Add(file, i + 1, $"{file.Lines[i].Length} columns");
                }
            }
        }

        offenders.AssertNone();
    }

    [Fact]
    public void No_function_is_longer_than_70_lines()
    {
        Offenders offenders = new($"Functions over {MaxFunctionLines} lines");
        foreach (SourceFile file in Repository.Sources)
        {
            foreach (SyntaxNode node in file.Syntax.DescendantNodes())
            {
                int lines = node switch
                {
                    BaseMethodDeclarationSyntax method => LinesFrom(method, method.Modifiers, method.ParameterList),
                    LocalFunctionStatementSyntax local => LinesFrom(local, local.Modifiers, local.ReturnType),
                    AccessorDeclarationSyntax accessor => LinesFrom(accessor, accessor.Modifiers, accessor),
                    _ => 0,
                };
                if (lines > MaxFunctionLines)
                {
                    offenders.Add(file, SourceFile.LineOf(node), $"{lines} lines");
                }
            }

            GlobalStatementSyntax[] statements = [.. file.Syntax.Members.OfType<GlobalStatementSyntax>()];
            if (statements.Length > 0)
            {
                int lines = LastLine(statements[^1]) - SourceFile.LineOf(statements[0]) + 1;
                if (lines > MaxFunctionLines)
                {
                    offenders.Add(file, SourceFile.LineOf(statements[0]), $"{lines} lines of top-level statements");
                }
            }
        }

        offenders.AssertNone();
    }

    [Fact]
    public void Nothing_is_left_to_do_or_commented_out()
    {
        Offenders offenders = new("Left-overs");
        foreach (SourceFile file in Repository.Sources)
        {
            foreach (SyntaxTrivia trivia in file.Syntax.DescendantTrivia())
            {
                int line = trivia.GetLocation().GetLineSpan().StartLinePosition.Line + 1;
                if (trivia.IsKind(SyntaxKind.RegionDirectiveTrivia))
                {
                    offenders.Add(file, line, "a region");
                }
                else if (IsComment(trivia) && LeftOver().Match(trivia.ToFullString()) is { Success: true } match)
                {
                    offenders.Add(file, line, match.Value);
                }
                else if (trivia.IsKind(SyntaxKind.SingleLineCommentTrivia) && IsCode(trivia.ToString()[2..]))
                {
                    offenders.Add(file, line, "commented-out code");
                }
            }

            foreach (SyntaxToken token in file.Identifiers.Where(t => t.ValueText == nameof(NotImplementedException)))
            {
                if (file.Path != "tests/FlowEngine.House/TidyTests.cs")
                {
                    offenders.Add(file, SourceFile.LineOf(token), token.ValueText);
                }
            }
        }

        foreach (string path in TextFiles().Where(path => !path.EndsWith(".cs", StringComparison.Ordinal)))
        {
            foreach (Match match in LeftOver().Matches(File.ReadAllText(Repository.Absolute(path))))
            {
                offenders.Add(path, $"{path}: {match.Value}");
            }
        }

        offenders.AssertNone();
    }

    [Fact]
    public void Every_text_file_has_plain_line_endings_and_no_trailing_blanks()
    {
        Offenders offenders = new("Untidy text");
        foreach (string path in TextFiles())
        {
            string text = File.ReadAllText(Repository.Absolute(path));
            bool markdown = path.EndsWith(".md", StringComparison.Ordinal);
            string[] lines = text.Split('\n');
            for (int i = 0; i < lines.Length; i++)
            {
                string? fault = lines[i] switch
                {
                    ['\uFEFF', ..] => "a byte order mark",
                    [.., '\r'] => "a carriage return",
                    [.., ' ' or '\t'] when !markdown => "trailing blanks",
                    string line when line.Contains('\t') => "a tab",
                    _ => null,
                };
                if (fault is not null)
                {
                    offenders.Add(path, $"{path}:{i + 1}: {fault}");
                }
            }

            if (text.Length > 0 && (!text.EndsWith('\n') || text.EndsWith("\n\n", StringComparison.Ordinal)))
            {
                offenders.Add(path, $"{path}:{lines.Length}: does not end with exactly one line feed");
            }
        }

        offenders.AssertNone();
    }

    [Fact]
    public void Nothing_big_binary_or_generated_is_committed()
    {
        Offenders offenders = new("Files that do not belong in the repository");
        foreach (string path in Repository.Files)
        {
            FileInfo file = new(Repository.Absolute(path));
            if (file.Length > MaxFileBytes)
            {
                offenders.Add(path, $"{path}: {file.Length} bytes");
                continue;
            }

            byte[] bytes = File.ReadAllBytes(file.FullName);
            if (bytes.AsSpan().Contains((byte)0))
            {
                offenders.Add(path, $"{path}: binary");
            }
        }

        foreach (SourceFile source in Repository.Sources)
        {
            bool marked = source.Lines.Take(5).Any(line => line.Contains("<auto-generated", StringComparison.Ordinal));
            if (marked || source.Name.EndsWith(".g", StringComparison.Ordinal) || source.Name.EndsWith(".Designer"))
            {
                offenders.Add(source, 1, "generated");
            }
        }

        offenders.AssertNone();
    }

    [Fact]
    public void Every_source_file_is_compiled_by_a_project_beside_or_above_it()
    {
        Offenders offenders = new("Dead files");
        string[] folders = [.. Repository.Projects.Select(project => Path.GetDirectoryName(project)! + "/")];
        foreach (string path in Repository.Files.Where(path => path.EndsWith(".cs", StringComparison.Ordinal)))
        {
            if (!folders.Any(folder => path.StartsWith(folder, StringComparison.Ordinal)))
            {
                offenders.Add(path, $"{path}: in no project");
            }
        }

        foreach (string project in Repository.Projects)
        {
            // The peers' project compiles what the official SBE tool generated: it has no source of its own.
            if (project != "perf/FlowEngine.Peers.OfficialSbe/FlowEngine.Peers.OfficialSbe.csproj"
                && File.ReadAllText(Repository.Absolute(project)).Contains("<Compile ", StringComparison.Ordinal))
            {
                offenders.Add(project, $"{project}: adds or removes files by hand");
            }
        }

        offenders.AssertNone();
    }

    private static IEnumerable<string> TextFiles() => Repository.Files.Where(path =>
        Path.GetExtension(path) is ".cs" or ".csproj" or ".props" or ".targets" or ".xml" or ".json" or ".md" or ".txt"
            or ".sh"
        || path is ".ci/run" or ".editorconfig" or ".gitignore" or ".gitattributes");

    private static int LinesFrom(SyntaxNode node, SyntaxTokenList modifiers, SyntaxNode fallback) =>
        LastLine(node) - (modifiers.Count > 0 ? SourceFile.LineOf(modifiers[0]) : SourceFile.LineOf(fallback)) + 1;

    private static int LastLine(SyntaxNode node) => node.GetLocation().GetLineSpan().EndLinePosition.Line + 1;

    private static bool IsComment(SyntaxTrivia trivia) => trivia.Kind() is SyntaxKind.SingleLineCommentTrivia
        or SyntaxKind.MultiLineCommentTrivia or SyntaxKind.SingleLineDocumentationCommentTrivia
        or SyntaxKind.MultiLineDocumentationCommentTrivia;

    private static bool IsCode(string comment)
    {
        string text = comment.Trim();
        return text.EndsWith(';')
            && text.AsSpan().IndexOfAny("(=.") >= 0
            && !SyntaxFactory.ParseStatement(text).ContainsDiagnostics;
    }

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b")]
    private static partial Regex LeftOver();
}
