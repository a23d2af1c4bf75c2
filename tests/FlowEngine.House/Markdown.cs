using System.Text.RegularExpressions;

namespace FlowEngine.House;

/// <summary>One README taken apart: its fenced blocks, its code spans and its links, each with its line.</summary>
internal sealed partial class Markdown
{
    /// <summary>The comment line that marks the block after it as one to compile.</summary>
    public const string CompiledMark = "<!-- compiled -->";

    /// <summary>Reads the file at <paramref name="path"/>, relative to the root.</summary>
    public Markdown(string path)
    {
        Path = path;
        string[] lines = File.ReadAllLines(Repository.Absolute(path));
        Block? open = null;
        string lastLine = "";
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i];
            if (line.TrimStart().StartsWith("```", StringComparison.Ordinal))
            {
                open = open is null ? new Block(i + 1, line.Trim()[3..], lastLine == CompiledMark, []) : Close(open);
            }
            else if (open is not null)
            {
                open.Lines.Add(line);
            }
            else
            {
                ReadProse(line, i + 1);
            }

            lastLine = line.Trim().Length > 0 ? line.Trim() : lastLine;
        }

        IsClosed = open is null;
    }

    /// <summary>Relative to the root.</summary>
    public string Path { get; }

    /// <summary>False where a fence is never closed.</summary>
    public bool IsClosed { get; }

    /// <summary>The fenced blocks.</summary>
    public List<Block> Blocks { get; } = [];

    /// <summary>The text of code spans outside fences.</summary>
    public List<(int Line, string Text)> Spans { get; } = [];

    /// <summary>The targets of links and images outside fences.</summary>
    public List<(int Line, string Text)> Links { get; } = [];

    /// <summary>The anchors its headings have on GitHub.</summary>
    public HashSet<string> Anchors { get; } = [];

    /// <summary>What a reader would type: lines of blocks that are not C#, and code spans.</summary>
    public IEnumerable<(int Line, string Text)> Typed =>
        Blocks.Where(block => block.Language != "csharp")
            .SelectMany(block => block.Lines.Select((text, i) => (block.Line + 1 + i, text)))
            .Concat(Spans);

    private Block? Close(Block block)
    {
        Blocks.Add(block);
        return null;
    }

    private void ReadProse(string line, int number)
    {
        Spans.AddRange(CodeSpan().Matches(line).Select(match => (number, match.Groups[1].Value)));
        Links.AddRange(Link().Matches(line).Select(match => (number, match.Groups[1].Value)));
        if (line.StartsWith('#'))
        {
            string heading = line.TrimStart('#').Trim().ToLowerInvariant();
            Anchors.Add(NotInAnchor().Replace(heading, "").Replace(' ', '-'));
        }
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex CodeSpan();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchor();

    /// <summary>A fenced block; <paramref name="Line"/> is that of its opening fence, from 1.</summary>
    public sealed record Block(int Line, string Language, bool Marked, List<string> Lines);
}
