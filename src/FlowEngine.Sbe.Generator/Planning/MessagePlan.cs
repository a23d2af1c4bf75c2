using FlowEngine.Sbe.Schema;

namespace FlowEngine.Sbe.Generator.Planning;

/// <summary>A message with the names of its reader and writer.</summary>
internal sealed class MessagePlan : BlockPlan
{
    private static readonly string[] s_reserved =
    [
        "TryWrap", "TryWrapBody", "TryWrapOther", "WriteJson", "EncodedLength", "EncodedFixedLength", "BlockLength",
        "HeaderLength", "TemplateId",
    ];

    private MessagePlan(SbeMessage message, string reader, string writer, NameScope scope)
        : base(message, scope)
    {
        Reader = reader;
        Writer = writer;
        HeaderName = scope.Take("Header");
        ActingVersionName = scope.Take("ActingVersion");
        ActingBlockLengthName = scope.Take("ActingBlockLength");
    }

    public string Reader { get; }

    public string Writer { get; }

    /// <summary>The writer's way to the header's own members.</summary>
    public string HeaderName { get; }

    public string ActingVersionName { get; }

    public string ActingBlockLengthName { get; }

    public static MessagePlan Create(SbeMessage message, NameScope types)
    {
        var name = CSharpName.Pascal(message.Name);
        var reader = types.Take(name + "Reader");
        var writer = types.Take(name + "Writer");
        return new MessagePlan(message, reader, writer, new NameScope([.. s_reserved, reader, writer]));
    }
}
