namespace FlowEngine.Sbe.OnTheFly;

/// <summary>What a message header says, whatever its layout in the schema.</summary>
/// <param name="BlockLength">Bytes of the fixed part as sent.</param>
/// <param name="TemplateId">Which message it is.</param>
/// <param name="SchemaId">Which schema it is of.</param>
/// <param name="Version">The sender's version of the schema.</param>
public readonly record struct MessageHeader(ulong BlockLength, ulong TemplateId, ulong SchemaId, ulong Version);
