using FlowEngine.Sbe.Schema;

namespace FlowEngine.Sbe.OnTheFly.Layouts;

/// <summary>Where a number of a header, dimension or length prefix lies, and how it is read.</summary>
internal readonly record struct NumberPlace(int Offset, SbePrimitive Primitive)
{
    /// <summary>The byte behind it.</summary>
    public int End => Offset + Primitive.Size();

    public static NumberPlace Of(SbeField member) => new(member.Offset, ((SbeScalarType)member.Type).Primitive);
}
