namespace FlowEngine.Sbe.Schema;

/// <summary>One thing that is wrong with a schema, and where.</summary>
public sealed class SbeDiagnostic
{
    internal SbeDiagnostic(SbeRule rule, string message, SbePosition position)
    {
        Rule = rule;
        Message = message;
        Position = position;
    }

    /// <summary>The rule that is broken.</summary>
    public SbeRule Rule { get; }

    /// <summary>The rule as compilers print it: <c>SBE001</c> and so on.</summary>
    public string Code => $"SBE{(int)Rule:000}";

    /// <summary>What is wrong, with the names involved.</summary>
    public string Message { get; }

    /// <summary>Where it is wrong.</summary>
    public SbePosition Position { get; }

    /// <summary>Whether the schema can be used all the same.</summary>
    public bool IsWarning => Rule >= SbeRule.DuplicateValue;

    /// <inheritdoc/>
    public override string ToString() => $"{Position}: {(IsWarning ? "warning" : "error")} {Code}: {Message}";
}
