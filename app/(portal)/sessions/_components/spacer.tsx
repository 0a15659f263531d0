/** Stands for rows that are out of sight. The height is an attribute of the drawing, so that it needs no style of its own. */
export function Spacer({ height, columns }: { height: number; columns: number }) {
  if (height <= 0) return null
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: an empty row takes no focus
    <tr aria-hidden="true">
      <td colSpan={columns} className="h-0! border-0! p-0!">
        <svg width="1" height={height} className="block" aria-hidden="true" />
      </td>
    </tr>
  )
}
