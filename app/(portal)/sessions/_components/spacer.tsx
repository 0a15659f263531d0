/** Stands for rows that are out of sight. The height is an attribute, which the content policy lets through. */
export function Spacer({ height, columns }: { height: number; columns: number }) {
  if (height <= 0) return null
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: an empty row takes no focus
    <tr aria-hidden="true">
      <td height={height} colSpan={columns} className="border-0! p-0!" />
    </tr>
  )
}
