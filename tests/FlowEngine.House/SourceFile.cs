using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FlowEngine.House;

/// <summary>One C# file with its syntax tree.</summary>
internal sealed class SourceFile
{
    private static readonly CSharpParseOptions s_options = new(
        LanguageVersion.CSharp14, DocumentationMode.Parse, preprocessorSymbols: ["FLOW_CHECKS", "NET10_0"]);

    /// <summary>Parses <paramref name="text"/>; <paramref name="path"/> is relative to the root.</summary>
    public SourceFile(string path, string text)
    {
        Path = path;
        Lines = text.Split('\n');
        Syntax = CSharpSyntaxTree.ParseText(text, s_options, path).GetCompilationUnitRoot();
        Identifiers =
        [
            .. Syntax.DescendantTokens().Where(token => token.IsKind(SyntaxKind.IdentifierToken)),
        ];
    }

    /// <summary>Relative to the root, with forward slashes.</summary>
    public string Path { get; }

    /// <summary>The file's name without <c>.cs</c>.</summary>
    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    /// <summary>The project's name: the folder below src, tests or perf.</summary>
    public string Project => Path.Split('/')[1];

    /// <summary>The lines, without their line feeds.</summary>
    public string[] Lines { get; }

    /// <summary>The parsed file.</summary>
    public CompilationUnitSyntax Syntax { get; }

    /// <summary>Every identifier of the code, documentation left out.</summary>
    public IReadOnlyList<SyntaxToken> Identifiers { get; }

    /// <summary>Types and delegates declared directly in a namespace or in the file.</summary>
    public IEnumerable<MemberDeclarationSyntax> TopLevelTypes =>
        Types.Where(type => type.Parent is BaseNamespaceDeclarationSyntax or CompilationUnitSyntax);

    /// <summary>Types and delegates declared anywhere in the file.</summary>
    public IEnumerable<MemberDeclarationSyntax> Types =>
        Syntax.DescendantNodes().OfType<MemberDeclarationSyntax>()
            .Where(node => node is BaseTypeDeclarationSyntax and not ExtensionBlockDeclarationSyntax
                or DelegateDeclarationSyntax);

    /// <summary>Whether the identifier occurs in the code.</summary>
    public bool Mentions(string identifier) => Identifiers.Any(token => token.ValueText == identifier);

    /// <summary>The name of a type or delegate declaration.</summary>
    public static string NameOf(MemberDeclarationSyntax type) => type switch
    {
        BaseTypeDeclarationSyntax declared => declared.Identifier.ValueText,
        DelegateDeclarationSyntax declared => declared.Identifier.ValueText,
        _ => throw new ArgumentException($"{type.Kind()} declares no type.", nameof(type)),
    };

    /// <summary>The line a node starts on, from 1.</summary>
    public static int LineOf(SyntaxNode node) => node.GetLocation().GetLineSpan().StartLinePosition.Line + 1;

    /// <summary>The line a token stands on, from 1.</summary>
    public static int LineOf(SyntaxToken token) => token.GetLocation().GetLineSpan().StartLinePosition.Line + 1;
}
