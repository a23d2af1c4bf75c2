namespace FlowEngine.Core;

/// <summary>
/// Marks a method or type that runs per event: no allocation, boxing, capture, throw, lock or virtual call in it
/// (architecture section 5). Checked by <c>FlowEngine.Analyzers</c> where that project is referenced.
/// </summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Struct | AttributeTargets.Class | AttributeTargets.Property)]
public sealed class HotAttribute : Attribute;
